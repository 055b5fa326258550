package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.reconcile.PlanReader.Intent;
import dev.modelrollout.rollout.Known;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.TrafficSplit;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The end of a rollout that is deleted. */
record Farewell(Parts parts, RolloutStore store, Instant now) {

    private static final Duration SECOND = Duration.ofSeconds(1);

    /**
     * The last act while it is under deletion: all traffic to live, if somebody is there to take it and the rule is not
     * an older rollout's. It lets go of a route once it shows that, or nothing there can be written; a route that
     * somebody else keeps changing is tried again.
     */
    UpdateControl<ModelRollout> say(ModelRollout rollout) {
        parts.follow(rollout, Wanted.NOTHING);
        if (!rollout.hasFinalizer(RolloutStore.FINALIZER)) {
            return UpdateControl.noUpdate();
        }
        var intent = parts.plans().readToLeave(rollout);
        if (intent.plan() != null
                && StatusReader.stateOf(rollout.getStatus()) instanceof Known known
                && !isLeft(rollout, intent, intent.plan(), known)) {
            return UpdateControl.<ModelRollout>noUpdate().rescheduleAfter(SECOND);
        }
        store.withFinalizer(rollout, false);
        return UpdateControl.noUpdate();
    }

    /** Whether the route is as it is to be left. */
    private boolean isLeft(ModelRollout rollout, Intent intent, RolloutPlan plan, Known known) {
        var live = known.ledger().live();
        if (!plan.lists(live)) {
            return true;
        }
        var world = parts.observer().look(rollout, intent, known, true, now);
        if (world.conflict().isPresent()) {
            return true;
        }
        if (!world.isReachable(live)) {
            tell(rollout, Reason.STABLE_UNAVAILABLE, live + " has no ready endpoint: the weights stay as they are.");
            return true;
        }
        if (parts.router()
                        .lower(
                                plan,
                                world.route(),
                                TrafficSplit.all(live),
                                () -> store.readFresh(rollout).isPresent())
                || parts.router().readFresh(plan, Optional.of(live)).rules().isEmpty()) {
            return true;
        }
        if (!parts.memory().isRefusalNews(rollout.getMetadata().getUid(), now)) {
            return false;
        }
        tell(
                rollout,
                Reason.CONTESTED,
                plan.route().text() + " takes no write that gives all traffic to " + live
                        + ": somebody else changes or guards it. It is tried again every second, and let go of then.");
        return false;
    }

    private void tell(ModelRollout rollout, Reason reason, String message) {
        parts.notices().tellStalled(rollout, reason.text(), message, now);
    }

    /** Nothing is kept of what is gone. */
    UpdateControl<ModelRollout> forget(ModelRollout rollout) {
        var meta = rollout.getMetadata();
        parts.follow(rollout, Wanted.NOTHING);
        parts.memory().forget(meta.getUid());
        parts.telemetry().gone(meta.getNamespace(), meta.getName());
        return UpdateControl.noUpdate();
    }
}
