package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.metrics.HandDrivenTime;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.metrics.Readings;
import dev.modelrollout.metrics.presets.Presets;
import dev.modelrollout.reconcile.Stage.Call;
import dev.modelrollout.reconcile.Stage.Failed;
import dev.modelrollout.reconcile.Stage.Seen;
import dev.modelrollout.reconcile.Stage.Shown;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.Rollouts;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.traffic.TrafficRouter;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A process of the operator on a {@link Stage}. Rounds, memory and readings are the real ones; the ports below them are
 * played here, with caches and a clock of its own.
 */
final class Replica {

    /** What a watch shows. */
    enum Watch {
        ROLLOUTS,
        ROUTES,
        PODS
    }

    private static final Presets PRESETS = Presets.load();
    private static final KubernetesClient UNCONNECTED = new KubernetesClientBuilder().build();
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int ARRIVED = 50;

    /** To make one is slow, and there are few. */
    private static final Map<Seen, SlimDeployment> DEPLOYMENTS = new ConcurrentHashMap<>();

    private final Stage stage;
    private final Invariants invariants;
    private final Duration skew;
    private final HandDrivenTime time;
    private final RolloutStore store;
    private final Parts parts;
    private final Map<Watch, Instant> silentUntil = new EnumMap<>(Watch.class);
    private Shown shown;
    private @Nullable ModelRollout known;
    private boolean isWoken;

    /** Each process that is started later has a higher one. */
    final int term;

    /** What the invariants know of its round. */
    final Invariants.Act act = new Invariants.Act();

    /** What it, and who led before it by the same clock, was answered of each version at the newest ticks. */
    final NavigableMap<Instant, Map<String, Answer>> arrived = new TreeMap<>();

    /** How many Events it has told. */
    int notices;

    /** When it looks again although nothing happens. */
    Instant wake = Instant.MIN;

    Replica(Stage stage, Operator operator, Invariants invariants, int term) {
        this.stage = stage;
        this.invariants = invariants;
        this.term = term;
        skew = stage.skew;
        shown = asReadAnew(stage.shown());
        time = new HandDrivenTime(clock());
        var ports = operator.ports(new Operator.Ports(new Store(), new Router(), new Watched(), new Source()));
        store = ports.store();
        var memory = new Memory();
        var caches = ports.caches();
        var router = ports.router();
        var plans = new PlanReader(List.of(router), PRESETS);
        var sources = Map.of("default", ports.source());
        var readings = new Readings(sources, time, time, follower -> isWoken = true, (name, answer, took) -> {});
        var observer = new Observer(caches, readings, router, new Claims(caches, plans, router), memory);
        var decider = operator.decider(Rollouts::decide);
        parts = new Parts(
                caches,
                plans,
                observer,
                (plan, state, world, now) -> told(plan, decider.decide(plan, state, world, now), now),
                router,
                readings,
                new Notices(UNCONNECTED, event -> notice(), "simulated"),
                memory,
                operator.telemetry(),
                this::clock);
    }

    private void notice() {
        notices++;
        invariants.noticed(this);
    }

    private Decision told(RolloutPlan plan, Decision decision, Instant now) {
        invariants.decided(this, plan, decision, now);
        return decision;
    }

    /** What another process has written is read from its text. */
    private static Shown asReadAnew(Shown shown) {
        var rollout = shown.rollout();
        if (rollout != null && rollout.getStatus() != null) {
            rollout.setStatus(Stage.read(rollout.getStatus()));
        }
        return shown;
    }

    /** Whoever led before has stored what rests on its answers. */
    void inherits(Replica former) {
        former.arrived.forEach((tick, answers) -> arrived.put(tick, new HashMap<>(answers)));
    }

    Instant clock() {
        return stage.now.plus(skew);
    }

    Duration skew() {
        return skew;
    }

    Shown shown() {
        return shown;
    }

    // Time

    void silence(Watch watch, Instant until) {
        silentUntil.put(watch, until);
    }

    void hearAll() {
        silentUntil.clear();
        sync();
    }

    boolean hears(Watch watch) {
        return !stage.now.isBefore(silentUntil.getOrDefault(watch, Instant.MIN));
    }

    /** What has changed reaches the caches. */
    void sync() {
        var newest = stage.shown();
        var rollouts = hears(Watch.ROLLOUTS) ? newest : shown;
        var routes = hears(Watch.ROUTES) ? newest : shown;
        var pods = hears(Watch.PODS) ? newest : shown;
        shown = new Shown(rollouts.rollout(), routes.route(), routes.isServed(), pods.pods(), rollouts.rival());
    }

    /** When something is due, although nothing happens. */
    Instant next() {
        var next = wake;
        for (var at : silentUntil.values()) {
            next = at.isAfter(stage.now) && at.isBefore(next) ? at : next;
        }
        var timer = time.next();
        return timer.equals(Instant.MAX) || !timer.minus(skew).isBefore(next) ? next : timer.minus(skew);
    }

    /** Takes in what has come by now; whether a round is due. */
    boolean isDue() {
        time.advance(Duration.between(time.instant(), clock()));
        return isWoken || !wake.isAfter(stage.now);
    }

    /** One round, and when the next one is due. */
    void round() {
        isWoken = false;
        try {
            wake = attempt();
            invariants.roundEnds(this, wake);
        } catch (Failed failure) {
            invariants.broke(this, failure);
            wake = stage.now.plusSeconds(1);
        }
    }

    private Instant attempt() {
        var rollout = shown.rollout();
        var before = known;
        known = rollout;
        if (before != null && (rollout == null || !Stage.uid(rollout).equals(Stage.uid(before)))) {
            new Farewell(parts, store, clock()).forget(before);
        }
        invariants.begins(this);
        if (rollout == null) {
            return Instant.MAX;
        }
        return new Round(parts, store, clock())
                .run(rollout)
                .getScheduleDelay()
                .map(millis -> stage.now.plusMillis(millis))
                .orElse(Instant.MAX);
    }

    // The ports

    private final class Watched implements Caches {

        @Override
        public Optional<SlimDeployment> deployment(String namespace, String name) {
            return Optional.of(seen("chat-", name))
                    .filter(Seen::exist)
                    .map(its -> DEPLOYMENTS.computeIfAbsent(its, Seen::deployment));
        }

        @Override
        public boolean isReachable(String namespace, String service) {
            return seen("serve-", service).canServe();
        }

        private Seen seen(String prefix, String name) {
            assertThat(name).startsWith(prefix);
            return shown.pods(name.substring(prefix.length()));
        }

        @Override
        public List<ModelRollout> rolloutsOf(String namespace, String route) {
            var all = new ArrayList<ModelRollout>();
            all.add(stage.younger);
            if (shown.rival()) {
                all.add(stage.older);
            }
            if (shown.rollout() != null) {
                all.add(shown.rollout());
            }
            return all;
        }

        @Override
        public void wakeNeighbours(ModelRollout rollout) {}
    }

    private final class Store implements RolloutStore {

        @Override
        public Optional<ModelRollout> get(ModelRollout rollout) {
            stage.calling(Call.READ_ROLLOUT, false);
            var read = Optional.ofNullable(stage.rollout);
            invariants.reads(Replica.this);
            stage.calling(Call.READ_ROLLOUT, true);
            return read;
        }

        @Override
        public ModelRollout patchStatus(ModelRollout rollout, ModelRolloutStatus status) {
            var written = stage.patchStatus(rollout, status);
            invariants.statusWritten(Replica.this, rollout.getStatus(), status);
            stage.calling(Call.WRITE_STATUS, true);
            return answered(written);
        }

        @Override
        public ModelRollout patchFinalizers(ModelRollout rollout, List<String> finalizers) {
            var written = stage.patchFinalizers(rollout, finalizers);
            invariants.finalizersWritten(Replica.this, rollout, written);
            stage.calling(Call.WRITE_FINALIZERS, true);
            return answered(written);
        }

        private ModelRollout answered(ModelRollout written) {
            shown = new Shown(written, shown.route(), shown.isServed(), shown.pods(), shown.rival());
            return written;
        }
    }

    private final class Router implements TrafficRouter {

        /** Whether the try before this one was. */
        private boolean wasRefused;

        @Override
        public boolean handles(RouteRef ref) {
            return true;
        }

        @Override
        public String kind() {
            return "any";
        }

        @Override
        public RouteView read(RolloutPlan plan, Optional<String> live) {
            return Stage.view(plan, shown.route(), shown.isServed());
        }

        @Override
        public RouteView readFresh(RolloutPlan plan, Optional<String> live) {
            stage.calling(Call.READ_ROUTE, false);
            saw();
            stage.calling(Call.READ_ROUTE, true);
            return read(plan, live);
        }

        private void saw() {
            shown = new Shown(shown.rollout(), stage.route, stage.isServed(), shown.pods(), shown.rival());
        }

        @Override
        public boolean raise(RolloutPlan plan, RouteView view, TrafficSplit split) {
            var raised = patch(plan, view, split, true, false);
            act.dropped |= !raised;
            return raised;
        }

        @Override
        public boolean lower(RolloutPlan plan, RouteView view, TrafficSplit split, BooleanSupplier isStillDue) {
            wasRefused = false;
            var lowered = TrafficRouter.super.lower(plan, view, split, isStillDue);
            act.dropped |= !lowered;
            return lowered;
        }

        @Override
        public boolean tryLower(RolloutPlan plan, RouteView view, TrafficSplit split) {
            var lowered = patch(plan, view, split, false, wasRefused);
            wasRefused = !lowered;
            return lowered;
        }

        private boolean patch(RolloutPlan plan, RouteView view, TrafficSplit split, boolean up, boolean again) {
            var replaced = stage.patch(plan, view, split, up);
            replaced.ifPresent(before -> {
                invariants.routeWritten(Replica.this, plan, before, split, up, again);
                stage.calling(Call.WRITE_ROUTE, true);
                saw();
            });
            return replaced.isPresent();
        }
    }

    private final class Source implements MetricSource {

        @Override
        public CompletableFuture<Answer> ask(Question question, Instant tick) {
            var answer = stage.answer(question, tick, skew);
            var took = stage.slowness;
            if (took.isZero()) {
                return CompletableFuture.completedFuture(arrives(question, answer));
            }
            var late = new CompletableFuture<Answer>();
            var given = took.compareTo(TIMEOUT) < 0 ? answer : new Answer.Missing(tick, Blindness.TIMEOUT);
            Runnable answering = () -> late.complete(arrives(question, given));
            var unused = time.schedule(answering, Math.min(took.toMillis(), TIMEOUT.toMillis()), TimeUnit.MILLISECONDS);
            return late;
        }

        private Answer arrives(Question question, Answer answer) {
            Stage.askedOf(question).ifPresent(version -> {
                arrived.computeIfAbsent(answer.tick(), none -> new HashMap<>()).put(version, answer);
                if (arrived.size() > ARRIVED) {
                    arrived.pollFirstEntry();
                }
            });
            return answer;
        }

        @Override
        public CompletableFuture<List<Answer>> askRange(Question question, List<Instant> ticks) {
            return CompletableFuture.completedFuture(ticks.stream()
                    .map(tick -> stage.answer(question, tick, skew))
                    .toList());
        }
    }
}
