package dev.modelrollout.reconcile;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Instant;
import java.util.Objects;

/** One round for one rollout: looks and decides, on a fresh look if it has to, and then acts. */
record Round(Parts parts, RolloutStore store, Instant now) {

    /** What was seen, and what to do about it. */
    interface Seen {

        /** Whether it may only be acted on after a look past the caches. */
        boolean needsFreshLook();

        /** The route, then the status, then what only tells. */
        UpdateControl<ModelRollout> act();
    }

    UpdateControl<ModelRollout> run(ModelRollout rollout) {
        if (rollout.isMarkedForDeletion()) {
            return new Farewell(parts, store, now).say(rollout);
        }
        var uid = rollout.getMetadata().getUid();
        var seen = see(rollout, false);
        var looks = seen.needsFreshLook();
        if (looks) {
            var fresh = store.readFresh(rollout);
            if (fresh.isEmpty()) {
                return UpdateControl.noUpdate();
            }
            if (fresh.get().isMarkedForDeletion()) {
                return new Farewell(parts, store, now).say(fresh.get());
            }
            seen = new Round(parts, store, parts.clock().instant()).see(fresh.get(), true);
        }
        var control = act(seen, uid);
        if (looks) {
            parts.memory().looked(uid, now);
        }
        if (StatusMapper.isNews(rollout)) {
            parts.caches().wakeNeighbours(rollout);
        }
        return control;
    }

    private UpdateControl<ModelRollout> act(Seen seen, String uid) {
        try {
            return seen.act();
        } catch (RuntimeException e) {
            parts.memory().failed(uid, parts.clock().instant());
            throw e;
        }
    }

    private Seen see(ModelRollout rollout, boolean fresh) {
        var intent = parts.plans().read(rollout);
        var state = StatusReader.stateOf(rollout.getStatus());
        if (intent.plan() == null) {
            return new Stuck(parts, store, now, rollout, Objects.requireNonNull(intent.trouble()));
        }
        var plan = intent.plan();
        var world = parts.observer().look(rollout, intent, state, fresh, now);
        return new Decided(
                parts, store, now, rollout, plan, world, parts.decider().decide(plan, state, world, now));
    }
}
