package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.metrics.Readings;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RolloutState;
import dev.modelrollout.rollout.World;
import dev.modelrollout.traffic.TrafficRouter;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Instant;
import java.time.InstantSource;

/** What every round works with; exists once the watches do. */
record Parts(
        Caches caches,
        PlanReader plans,
        Observer observer,
        Decider decider,
        TrafficRouter router,
        Readings readings,
        Notices notices,
        Memory memory,
        Telemetry telemetry,
        InstantSource clock) {

    /** {@link dev.modelrollout.rollout.Rollouts#decide}. */
    interface Decider {
        Decision decide(RolloutPlan plan, RolloutState state, World world, Instant now);
    }

    /** Replaces what a rollout asks; nothing ends its questions. */
    void follow(ModelRollout rollout, Wanted wanted) {
        var meta = rollout.getMetadata();
        readings.follow(meta.getNamespace() + "/" + meta.getName(), meta.getNamespace(), wanted);
    }

    /** The rollout that follows under this name. */
    static ResourceID idOf(String follower) {
        var slash = follower.indexOf('/');
        return new ResourceID(follower.substring(slash + 1), follower.substring(0, slash));
    }
}
