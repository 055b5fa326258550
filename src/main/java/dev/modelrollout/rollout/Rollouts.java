package dev.modelrollout.rollout;

import java.time.Instant;
import java.util.Optional;

/** The way into the core. */
public final class Rollouts {

    private Rollouts() {}

    /** What follows from all that is wanted, remembered and seen; total and pure. */
    public static Decision decide(RolloutPlan plan, RolloutState state, World world, Instant now) {
        return barrier(plan, state, world)
                .map(trouble -> Decision.stay(state, trouble))
                .orElseGet(() -> state.decide(new Round(plan, world, now)));
    }

    /** Why nothing is ours to decide, whatever the state: not even the way down. */
    private static Optional<Trouble> barrier(RolloutPlan plan, RolloutState state, World world) {
        if (state instanceof Known known && !plan.lists(known.ledger().live())) {
            return Optional.of(new Trouble(
                    Reason.INVALID_SPEC,
                    known.ledger().live()
                            + " serves traffic: keep it in spec.versions until another version is live."));
        }
        return world.conflict();
    }
}
