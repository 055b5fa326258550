package dev.modelrollout.metrics;

import dev.modelrollout.analysis.Answer;
import java.time.Duration;

/** Hears of every request once, for the operator's own telemetry. */
@FunctionalInterface
public interface AnswerObserver {

    /**
     * Of a request for several ticks it hears the first answer that is not missing, if there is one. Must return quickly: it is called on the thread that keeps the ticks.
     *
     * @param took from the request to the answer
     */
    void answered(String provider, Answer answer, Duration took);
}
