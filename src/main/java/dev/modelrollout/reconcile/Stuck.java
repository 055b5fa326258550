package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.rollout.Trouble;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Instant;

/** The plan cannot be told: nothing moves until a person has changed the object. */
record Stuck(Parts parts, RolloutStore store, Instant now, ModelRollout rollout, Trouble trouble)
        implements Round.Seen {

    @Override
    public boolean needsFreshLook() {
        return false;
    }

    @Override
    public UpdateControl<ModelRollout> act() {
        parts.follow(rollout, Wanted.NOTHING);
        var status = StatusMapper.stalled(rollout.getMetadata().getGeneration(), rollout.getStatus(), trouble, now);
        if (StatusMapper.differs(rollout.getStatus(), status)) {
            store.patchStatus(rollout, status);
            parts.notices().tellStalled(rollout, trouble.reason().text(), trouble.message(), now);
        }
        parts.telemetry().shows(rollout, status);
        return UpdateControl.noUpdate();
    }
}
