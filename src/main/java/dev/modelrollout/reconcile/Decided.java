package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Decision.Write;
import dev.modelrollout.rollout.Known;
import dev.modelrollout.rollout.Move.Action;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.Reason.Standing;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.World;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The plan is clear, and so is what follows: it is carried out, the route first, the status last. */
record Decided(
        Parts parts,
        RolloutStore store,
        Instant now,
        ModelRollout rollout,
        RolloutPlan plan,
        World world,
        Decision decision)
        implements Round.Seen {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Override
    public boolean needsFreshLook() {
        var isDown = decision.change().filter(write -> !write.up()).isPresent();
        return decision.confirm()
                || (decision.isActive() && !isDown && parts.memory().isLookDue(uid(), now));
    }

    @Override
    public UpdateControl<ModelRollout> act() {
        follow();
        var split = decision.next() instanceof Known known && known.split().isSplit();
        var guarded = split ? store.withFinalizer(rollout, true) : rollout;
        var done = write(parts.memory().condemnedSince(uid(), isRollback(), now));
        if (done.isEmpty()) {
            decision.change().ifPresent(this::tellIfGuarded);
            return UpdateControl.<ModelRollout>noUpdate().rescheduleAfter(SECOND);
        }
        var shown = record(guarded, done.get());
        if (world.fresh() && showsNext()) {
            parts.memory().settled(uid());
        }
        if (!split) {
            store.withFinalizer(shown, false);
        }
        return again();
    }

    private void follow() {
        var known = parts.readings().providers().contains(plan.analysis().provider());
        parts.follow(rollout, known ? decision.wanted() : Wanted.NOTHING);
    }

    private boolean showsNext() {
        return decision.change().isPresent()
                || (decision.next() instanceof Known known && world.route().serves(known.split()));
    }

    private boolean isRollback() {
        return decision.move() != null && decision.move().action() == Action.ROLL_BACK;
    }

    /** The decision as it came true; empty when the route had changed meanwhile. */
    private Optional<Decision> write(@Nullable Instant condemnedSince) {
        var change = decision.change();
        if (change.isEmpty()) {
            return Optional.of(decision);
        }
        var write = change.get();
        var matches = write.up()
                ? world.route().serves(write.split()) || parts.router().raise(plan, world.route(), write.split())
                : parts.router().lower(plan, world.route(), write.split(), this::isStateStored);
        if (!matches) {
            return Optional.empty();
        }
        var answered = parts.clock().instant();
        if (condemnedSince != null) {
            parts.telemetry().rolledBack(Duration.between(condemnedSince, answered));
        }
        return Optional.of(decision.answeredAt(answered));
    }

    /** Refused although nobody was faster: a new look alone mends that no more, and somebody has to know. */
    private void tellIfGuarded(Write refused) {
        var seen = world.route();
        var fresh = parts.router().readFresh(plan, Optional.of(refused.split().stable()));
        if (fresh.uid().equals(seen.uid())
                && fresh.generation() == seen.generation()
                && parts.memory().isRefusalNews(uid(), now)) {
            var message = plan.route().text() + " takes no write of its weights although nobody has changed it: an"
                    + " admission policy guards it. It is tried again every second.";
            parts.notices().tellStalled(rollout, Reason.CONTESTED.text(), message, now);
        }
    }

    /** Nobody else has written another state since: a decision of another leader replaces this one. */
    private boolean isStateStored() {
        return store.readFresh(rollout)
                .map(fresh -> StatusReader.stateOf(fresh.getStatus()))
                .filter(StatusReader.stateOf(rollout.getStatus())::equals)
                .isPresent();
    }

    private ModelRollout record(ModelRollout guarded, Decision done) {
        var old = guarded.getStatus();
        var status = StatusMapper.status(plan, old, world, done, now);
        parts.telemetry().shows(rollout, status);
        if (!StatusMapper.differs(old, status)
                && (status.equals(old) || !parts.memory().isWriteDue(uid(), now))) {
            return guarded;
        }
        var written = store.patchStatus(guarded, status);
        parts.memory().wrote(uid(), now);
        tell(old, status, done);
        return written;
    }

    private void tell(@Nullable ModelRolloutStatus old, ModelRolloutStatus status, Decision done) {
        var before = old == null || old.phase() == null ? "" : old.phase();
        var after = status.phase() == null ? "" : status.phase();
        if (!before.equals(after)) {
            parts.telemetry().moved(before, after, done.reason().text());
        }
        if (done.move() != null) {
            parts.notices().tell(rollout, done, done.move(), now);
        } else if (done.standing() == Standing.STALLED && !StatusMapper.isReadyFor(old, done.reason())) {
            parts.notices().tellStalled(rollout, done.reason().text(), done.message(), now);
        }
    }

    private UpdateControl<ModelRollout> again() {
        var done = parts.clock().instant();
        return NextLook.after(decision, done)
                .map(at -> Duration.between(done, at).plusMillis(1))
                .map(wait -> UpdateControl.<ModelRollout>noUpdate().rescheduleAfter(wait))
                .orElseGet(UpdateControl::noUpdate);
    }

    private String uid() {
        return rollout.getMetadata().getUid();
    }
}
