package dev.modelrollout.reconcile;

import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.reconcile.Stage.Failed;
import dev.modelrollout.reconcile.Stage.Stored;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Known;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RolloutState;
import dev.modelrollout.rollout.Rollouts;
import dev.modelrollout.rollout.Unseen;
import dev.modelrollout.rollout.World;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rounds as {@link ModelRolloutReconciler} does them, on a {@link Stage}, with the real status and the real memory. */
final class Shell {

    private static final String UID = "uid";

    private final Stage stage;
    private final Operator operator;
    private final Invariants invariants;
    private final IdentityHashMap<ModelRolloutStatus, RolloutState> states = new IdentityHashMap<>();
    private Memory memory = new Memory();

    /** {@link dev.modelrollout.rollout.Rollouts#decide}, or something that claims to be. */
    interface Decider {
        Decision decide(RolloutPlan plan, RolloutState state, World world, Instant now);
    }

    /** How it decides, and whether it writes in the wrong order. */
    record Operator(Decider decider, boolean statusFirst) {

        static final Operator RIGHT = new Operator(Rollouts::decide, false);
    }

    private record Seen(Stored rollout, World world, Decision decision) {}

    Shell(Stage stage, Operator operator, Invariants invariants) {
        this.stage = stage;
        this.operator = operator;
        this.invariants = invariants;
    }

    /** The process dies, and another one starts. */
    void restart() {
        memory = new Memory();
        stage.forget();
        invariants.forgotten();
    }

    /** One round. When the next one is due although nothing happens; later than the stage lasts when never. */
    Instant round() {
        try {
            return attempt();
        } catch (Failed failure) {
            invariants.broke(failure.getMessage());
            if (failure.fatal) {
                restart();
            }
            return stage.now.plusSeconds(1);
        }
    }

    private Instant attempt() {
        var seen = see(false);
        if (seen.decision().confirm() || (seen.decision().isActive() && memory.isLookDue(UID, stage.now))) {
            memory.looked(UID, stage.now);
            seen = see(true);
        }
        memory.begun(UID);
        invariants.roundBegins(seen.rollout().plan(), seen.decision());
        stage.follow(seen.decision().wanted());
        if (operator.statusFirst()) {
            record(seen, seen.decision());
        }
        var done = write(seen);
        if (done.isPresent() && !operator.statusFirst()) {
            record(seen, done.get());
        }
        memory.ended(UID);
        var next = done.isPresent()
                ? NextLook.after(seen.decision(), stage.now).orElse(Instant.MAX)
                : stage.now.plusSeconds(1);
        invariants.roundEnds(done.isPresent(), next);
        return next;
    }

    private Seen see(boolean fresh) {
        var rollout = stage.rollout(fresh);
        var plan = rollout.plan();
        var state = stateOf(rollout.status());
        var live = state instanceof Known known ? Optional.of(known.ledger().live()) : Optional.<String>empty();
        var view = stage.view(plan, fresh);
        var isServed = view.unprogrammed() == null && !view.uid().isEmpty();
        var since = memory.servedSince(UID, view.uid(), view.generation(), isServed, stage.now);
        var world = new World(
                stage.workloads(),
                stage.reachable(),
                view.programmedSince(since),
                stage.answers(),
                Map.of(),
                stage.trouble(plan, live).orElse(null),
                fresh,
                memory.isInterrupted(UID));
        return new Seen(rollout, world, operator.decider().decide(plan, state, world, stage.now));
    }

    /** Read once for each write, to save time. */
    private RolloutState stateOf(@Nullable ModelRolloutStatus status) {
        return status == null ? new Unseen() : states.computeIfAbsent(status, StatusReader::stateOf);
    }

    private Optional<Decision> write(Seen seen) {
        var change = seen.decision().change();
        if (change.isEmpty()) {
            return Optional.of(seen.decision());
        }
        var write = change.get();
        var view = seen.world().route();
        if (write.up() && view.serves(write.split())) {
            return Optional.of(seen.decision().answeredAt(stage.now));
        }
        var plan = seen.rollout().plan();
        boolean matches;
        try {
            matches = write.up() ? stage.raise(view, write.split()) : stage.lower(plan, view, write.split());
        } finally {
            stage.overwritten().ifPresent(before -> invariants.routeWritten(before, write));
        }
        return matches ? Optional.of(seen.decision().answeredAt(stage.now)) : Optional.empty();
    }

    private void record(Seen seen, Decision done) {
        var old = seen.rollout().status();
        var status = StatusMapper.status(seen.rollout().plan(), old, seen.world(), done, stage.now);
        if (StatusMapper.differs(old, status) || (status.checks() != null && memory.isWriteDue(UID, stage.now))) {
            var before = stage.resourceVersion;
            try {
                stage.store(seen.rollout(), status);
            } finally {
                if (stage.resourceVersion > before) {
                    invariants.statusWritten(old);
                }
            }
            memory.wrote(UID, stage.now);
        }
    }
}
