package dev.modelrollout.metrics;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A server that answers questions. A failing source is a value: nothing here throws. Nothing blocks, and each result
 * completes, within the source's timeout, normally.
 */
public interface MetricSource {

    /** Asks for one tick; the answer is of that tick, and of the question's form. */
    CompletableFuture<Answer> ask(Question question, Instant tick);

    /**
     * Asks for several ticks by one request.
     *
     * @param question for counters
     * @param ticks consecutive ticks of the question, oldest first; not empty
     * @return one answer for each of the ticks, in their order; when the request fails they all say why
     */
    CompletableFuture<List<Answer>> askRange(Question question, List<Instant> ticks);
}
