package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.metrics.Readings;
import dev.modelrollout.traffic.TrafficRouter;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.InstantSource;

/** What every round works with; exists once the watches do. */
record Parts(
        Watches watches,
        PlanReader plans,
        Observer observer,
        TrafficRouter router,
        Readings readings,
        Notices notices,
        Memory memory,
        Telemetry telemetry,
        InstantSource clock) {

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
