package dev.modelrollout.metrics;

import dev.modelrollout.analysis.Answer;
import java.time.Duration;

/** Hears of every answer once, for the operator's own telemetry. */
@FunctionalInterface
public interface AnswerObserver {

    /**
     * Must return quickly: it is called on the thread that keeps the ticks.
     *
     * @param took from the request to the answer
     */
    void answered(String provider, Answer answer, Duration took);
}
