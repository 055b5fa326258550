package dev.modelrollout.metrics;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** A server that answers questions. A failing source is a value: nothing here throws. */
public interface MetricSource {

    /**
     * Asks without blocking. The result always completes, within the source's timeout, normally, with an answer whose
     * tick is {@code tick}.
     */
    CompletableFuture<Answer> ask(Question question, Instant tick);
}
