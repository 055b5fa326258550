package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.reconcile.PlanReader.Intent;
import dev.modelrollout.rollout.Known;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.TrafficSplit;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Instant;

/** The end of a rollout that is deleted. */
record Farewell(Parts parts, RolloutStore store, Instant now) {

    /**
     * The last act while it is under deletion: all traffic to live, if somebody is there to take it and the rule is not
     * an older rollout's.
     */
    UpdateControl<ModelRollout> say(ModelRollout rollout) {
        parts.follow(rollout, Wanted.NOTHING);
        if (!rollout.hasFinalizer(RolloutStore.FINALIZER)) {
            return UpdateControl.noUpdate();
        }
        var intent = parts.plans().read(rollout);
        if (intent.plan() != null && StatusReader.stateOf(rollout.getStatus()) instanceof Known known) {
            serveLiveOnly(rollout, intent, intent.plan(), known);
        }
        store.withFinalizer(rollout, false);
        return UpdateControl.noUpdate();
    }

    private void serveLiveOnly(ModelRollout rollout, Intent intent, RolloutPlan plan, Known known) {
        var live = known.ledger().live();
        if (!plan.lists(live)) {
            return;
        }
        var world = parts.observer().look(rollout, intent, known, true, now);
        if (world.conflict().isPresent()) {
            return;
        }
        if (!world.isReachable(live)) {
            parts.notices()
                    .tellStalled(
                            rollout,
                            Reason.STABLE_UNAVAILABLE.text(),
                            live + " has no ready endpoint: the weights stay as they are.",
                            now);
        } else {
            parts.router()
                    .lower(
                            plan,
                            world.route(),
                            TrafficSplit.all(live),
                            () -> store.readFresh(rollout).isPresent());
        }
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
