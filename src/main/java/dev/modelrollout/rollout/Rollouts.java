package dev.modelrollout.rollout;

import java.time.Instant;

/** The way into the core. */
public final class Rollouts {

    private Rollouts() {}

    /** What follows from all that is wanted, remembered and seen; total and pure. */
    public static Decision decide(RolloutPlan plan, RolloutState state, World world, Instant now) {
        return state.decide(new Round(plan, world, now));
    }
}
