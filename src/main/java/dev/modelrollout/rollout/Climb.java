package dev.modelrollout.rollout;

import dev.modelrollout.rollout.Ladder.Rung;
import java.time.Duration;
import java.util.Optional;

/** The way of the weight from nothing to everything, rung by rung. */
public sealed interface Climb permits Ladder, RiskClimb, AdaptiveClimb {

    /** How many rungs there are, with the implied 100; at least 1. */
    int size();

    /** The least time on this rung; none on the ground. */
    Duration hold(Rung rung);

    /** The rung that gives the first traffic; the ground when the ceiling allows none. */
    Rung first(int ceiling);

    /** The rung that the evidence asks for: above this one if all else agrees, below it, or this one. */
    Rung next(Rung rung, int ceiling, Findings findings);

    /** Whether one rise from this rung may have given this weight in percent. */
    boolean mayFollow(Rung rung, int weight, int ceiling);

    /** The highest rung under the ceiling whose weight is not above a share of {@code part} of {@code total}. */
    Rung notAbove(long part, long total, int ceiling);

    /** Whether this rung is one of ours, whole or cut by a ceiling. */
    boolean has(Rung rung);

    /** The highest weight below 100 that it stops at, under the ceiling; there most is measured. */
    int top(int ceiling);

    /** The check whose comparison each hold is given to; empty when no check leads more than the others. */
    default Optional<String> follows() {
        return Optional.empty();
    }

    /** Whether what leads on from this rung to the next needs every check safe. */
    default boolean needsProof(Rung rung, Rung next) {
        return next.weight() == 100;
    }

    /** On what a move from rung to rung rests, for people. */
    default String support(Findings findings, String candidate, String stable) {
        return findings.support(candidate, stable);
    }

    /** What a rise to the next rung lacks beside what every rise needs, for people; empty when nothing. */
    Optional<String> missing(Rung rung, Rung next, Findings findings);
}
