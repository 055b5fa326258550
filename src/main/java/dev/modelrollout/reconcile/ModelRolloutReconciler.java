package dev.modelrollout.reconcile;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.metrics.Readings;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Known;
import dev.modelrollout.rollout.Move.Action;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.Reason.Standing;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.Rollouts;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.rollout.Trouble;
import dev.modelrollout.rollout.World;
import dev.modelrollout.traffic.TrafficRouter;
import dev.modelrollout.traffic.gatewayapi.HttpRouteRouter;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One round: read the plan, look at the world, decide the next state, make the route match, write it down. It waits for
 * nothing, and may die between any two acts: all that must be remembered is in the status.
 */
@Singleton
@ControllerConfiguration(
        name = "modelrollout",
        generationAwareEventProcessing = false,
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 1, timeUnit = TimeUnit.HOURS))
@GradualRetry(maxAttempts = Integer.MAX_VALUE, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 5000)
public final class ModelRolloutReconciler implements Reconciler<ModelRollout> {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration CONFLICT = Duration.ofSeconds(5);

    private final Function<Consumer<String>, Readings> metrics;
    private final InstantSource clock;
    private final Telemetry telemetry;
    private final String instance;
    private final Memory memory = new Memory();

    private @Nullable Parts parts;

    /** What exists once the watches do. */
    private record Parts(
            Watches watches,
            PlanReader plans,
            Observer observer,
            TrafficRouter router,
            Readings readings,
            Notices notices) {}

    /**
     * @param metrics makes the readings from what wakes a follower
     * @param clock the only source of time; must not go backwards
     * @param instance name of this process, for Events
     */
    @Inject
    public ModelRolloutReconciler(
            Function<Consumer<String>, Readings> metrics, InstantSource clock, Telemetry telemetry, Instance instance) {
        this.metrics = metrics;
        this.clock = clock;
        this.telemetry = telemetry;
        this.instance = instance.name();
    }

    /** Name of this process. */
    public record Instance(String name) {}

    @Override
    public List<EventSource<?, ModelRollout>> prepareEventSources(EventSourceContext<ModelRollout> context) {
        var watches = new Watches(context);
        var router = new HttpRouteRouter(context.getClient(), watches);
        var plans = new PlanReader(List.of(router));
        var readings = metrics.apply(follower -> watches.wake(idOf(follower)));
        var claims = new Claims(watches, plans, router);
        var observer = new Observer(watches, readings, router, claims, memory);
        var executor = Executors.newSingleThreadExecutor(task -> {
            var thread = new Thread(task, "notices");
            thread.setDaemon(true);
            return thread;
        });
        parts = new Parts(
                watches, plans, observer, router, readings, new Notices(context.getClient(), executor, instance));
        return watches.sources();
    }

    @Override
    public UpdateControl<ModelRollout> reconcile(ModelRollout rollout, Context<ModelRollout> context) {
        var round = new Round(Objects.requireNonNull(parts), new RolloutStore(context), clock.instant());
        if (context.isPrimaryResourceDeleted()) {
            return round.forget(rollout);
        }
        return rollout.isMarkedForDeletion() ? round.farewell(rollout) : round.run(rollout);
    }

    private static String follower(ModelRollout rollout) {
        return rollout.getMetadata().getNamespace() + "/"
                + rollout.getMetadata().getName();
    }

    private static ResourceID idOf(String follower) {
        var slash = follower.indexOf('/');
        return new ResourceID(follower.substring(slash + 1), follower.substring(0, slash));
    }

    /** One round for one rollout. */
    private final class Round {

        private final Parts parts;
        private final RolloutStore store;
        private final Instant now;

        private Round(Parts parts, RolloutStore store, Instant now) {
            this.parts = parts;
            this.store = store;
            this.now = now;
        }

        private UpdateControl<ModelRollout> run(ModelRollout rollout) {
            var seen = see(rollout, false);
            if (seen.needsFreshLook()) {
                var fresh = store.readFresh(rollout);
                if (fresh.isEmpty()) {
                    return UpdateControl.noUpdate();
                }
                memory.looked(uid(rollout), now);
                if (fresh.get().isMarkedForDeletion()) {
                    return farewell(fresh.get());
                }
                seen = see(fresh.get(), true);
            }
            memory.begun(uid(rollout));
            if (isNews(rollout)) {
                parts.watches().wakeNeighbours(rollout);
            }
            var control = seen.act();
            memory.ended(uid(rollout));
            return control;
        }

        private static boolean isNews(ModelRollout rollout) {
            var status = rollout.getStatus();
            return status == null
                    || !Objects.equals(
                            status.observedGeneration(), rollout.getMetadata().getGeneration());
        }

        private Seen see(ModelRollout rollout, boolean fresh) {
            var intent = parts.plans().read(rollout);
            var state = StatusReader.stateOf(rollout.getStatus());
            if (intent.plan() == null) {
                return new Stuck(rollout, Objects.requireNonNull(intent.trouble()));
            }
            var plan = intent.plan();
            var world = parts.observer().look(rollout, intent, state, fresh, now);
            return new Decided(rollout, plan, world, Rollouts.decide(plan, state, world, now));
        }

        /** What was seen, and what to do about it. */
        private interface Seen {

            boolean needsFreshLook();

            UpdateControl<ModelRollout> act();
        }

        /** The plan cannot be told: nothing moves until a person has changed the object. */
        private final class Stuck implements Seen {

            private final ModelRollout rollout;
            private final Trouble trouble;

            private Stuck(ModelRollout rollout, Trouble trouble) {
                this.rollout = rollout;
                this.trouble = trouble;
            }

            @Override
            public boolean needsFreshLook() {
                return false;
            }

            @Override
            public UpdateControl<ModelRollout> act() {
                parts.readings().follow(follower(rollout), rollout.getMetadata().getNamespace(), Set.of());
                var status =
                        StatusMapper.stalled(rollout.getMetadata().getGeneration(), rollout.getStatus(), trouble, now);
                if (StatusMapper.differs(rollout.getStatus(), status)) {
                    store.patchStatus(rollout, status);
                    parts.notices().tellStalled(rollout, trouble.reason().text(), trouble.message(), now);
                }
                telemetry.shows(rollout, status);
                return UpdateControl.noUpdate();
            }
        }

        /** The plan is clear, and so is what follows. */
        private final class Decided implements Seen {

            private final ModelRollout rollout;
            private final RolloutPlan plan;
            private final World world;
            private final Decision decision;

            private Decided(ModelRollout rollout, RolloutPlan plan, World world, Decision decision) {
                this.rollout = rollout;
                this.plan = plan;
                this.world = world;
                this.decision = decision;
            }

            @Override
            public boolean needsFreshLook() {
                return decision.confirm() || (isActive() && memory.isLookDue(uid(rollout), now));
            }

            private boolean isActive() {
                return !decision.questions().isEmpty() || decision.standing() == Standing.RECONCILING;
            }

            @Override
            public UpdateControl<ModelRollout> act() {
                follow();
                var split =
                        decision.next() instanceof Known known && known.split().isSplit();
                var guarded = split ? store.withFinalizer(rollout, true) : rollout;
                var done = write(memory.condemnedSince(uid(rollout), isRollback(), now));
                if (done.isEmpty()) {
                    return UpdateControl.<ModelRollout>noUpdate().rescheduleAfter(SECOND);
                }
                var shown = record(guarded, done.get());
                if (!split) {
                    store.withFinalizer(shown, false);
                }
                return again();
            }

            private void follow() {
                var known =
                        parts.readings().providers().contains(plan.analysis().provider());
                parts.readings().follow(follower(rollout), plan.namespace(), known ? decision.questions() : Set.of());
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
                        ? world.route().serves(write.split())
                                || parts.router().raise(plan, world.route(), write.split())
                        : parts.router().lower(plan, world.route(), write.split());
                if (!matches) {
                    return Optional.empty();
                }
                var answered = clock.instant();
                if (condemnedSince != null) {
                    telemetry.rolledBack(Duration.between(condemnedSince, answered));
                }
                return Optional.of(decision.answeredAt(answered));
            }

            private ModelRollout record(ModelRollout guarded, Decision done) {
                var old = guarded.getStatus();
                var status = StatusMapper.status(plan, old, world, done, now);
                telemetry.shows(rollout, status);
                if (!StatusMapper.differs(old, status)
                        && (status.equals(old) || !memory.isWriteDue(uid(rollout), now))) {
                    return guarded;
                }
                var written = store.patchStatus(guarded, status);
                memory.wrote(uid(rollout), now);
                tell(old, status, done);
                return written;
            }

            private void tell(@Nullable ModelRolloutStatus old, ModelRolloutStatus status, Decision done) {
                var before = old == null || old.phase() == null ? "" : old.phase();
                var after = status.phase() == null ? "" : status.phase();
                if (!before.equals(after)) {
                    telemetry.moved(before, after, done.reason().text());
                }
                if (done.move() != null) {
                    parts.notices().tell(rollout, done, done.move(), now);
                } else if (done.standing() == Standing.STALLED && !StatusMapper.isReadyFor(old, done.reason())) {
                    parts.notices().tellStalled(rollout, done.reason().text(), done.message(), now);
                }
            }

            private UpdateControl<ModelRollout> again() {
                var control = UpdateControl.<ModelRollout>noUpdate();
                return Stream.of(
                                Optional.of(MINUTE).filter(minute -> isActive()),
                                Optional.of(CONFLICT).filter(wait -> decision.reason() == Reason.CONFLICT),
                                Optional.ofNullable(decision.wakeAt()).map(this::until),
                                StatusMapper.driftEnds(decision, now).map(this::until))
                        .flatMap(Optional::stream)
                        .min(Comparator.naturalOrder())
                        .map(control::rescheduleAfter)
                        .orElse(control);
            }

            private Duration until(Instant at) {
                var until = Duration.between(clock.instant(), at).plusMillis(1);
                return until.compareTo(SOON) < 0 ? SOON : until;
            }
        }

        /** The last act for a rollout under deletion: all traffic to live, if somebody is there to take it. */
        private UpdateControl<ModelRollout> farewell(ModelRollout rollout) {
            if (!rollout.hasFinalizer(RolloutStore.FINALIZER)) {
                return UpdateControl.noUpdate();
            }
            var intent = parts.plans().read(rollout);
            if (intent.plan() != null && StatusReader.stateOf(rollout.getStatus()) instanceof Known known) {
                serveLiveOnly(rollout, intent, known);
            }
            store.withFinalizer(rollout, false);
            return UpdateControl.noUpdate();
        }

        private void serveLiveOnly(ModelRollout rollout, PlanReader.Intent intent, Known known) {
            var plan = Objects.requireNonNull(intent.plan());
            var live = known.ledger().live();
            if (!plan.lists(live)) {
                return;
            }
            var world = parts.observer().look(rollout, intent, known, true, now);
            if (!world.isReachable(live)) {
                parts.notices()
                        .tellStalled(
                                rollout,
                                Reason.STABLE_UNAVAILABLE.text(),
                                live + " has no ready endpoint: the weights stay as they are.",
                                now);
            } else {
                parts.router().lower(plan, world.route(), TrafficSplit.all(live));
            }
        }

        private UpdateControl<ModelRollout> forget(ModelRollout rollout) {
            var meta = rollout.getMetadata();
            parts.readings().follow(follower(rollout), meta.getNamespace(), Set.of());
            memory.forget(meta.getUid());
            telemetry.gone(meta.getNamespace(), meta.getName());
            return UpdateControl.noUpdate();
        }

        private static String uid(ModelRollout rollout) {
            return rollout.getMetadata().getUid();
        }
    }
}
