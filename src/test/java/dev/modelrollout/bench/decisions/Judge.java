package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.Halves;
import dev.modelrollout.analysis.Window;
import java.util.List;
import java.util.function.Function;

/** Whether to roll back, asked during one rollout after each window, in order. */
@FunctionalInterface
interface Judge {

    /** Whether it rolls back after this window, which it sees once. */
    boolean rollsBackAfter(Window window);

    /**
     * What is known when a rollout begins.
     *
     * @param past stable's own, window by window; empty when not known
     * @param stableShare stable's true share of bad requests, from which a person would have chosen a fixed limit
     * @param share of the requests that the candidate gets at first, 0..1
     */
    record Before(List<Halves> past, double stableShare, double share) {}

    /** A way to judge; each rollout gets a judge of its own. */
    record Rule(String name, Function<Before, Judge> start) {}
}
