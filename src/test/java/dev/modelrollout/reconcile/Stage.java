package dev.modelrollout.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.api.v1alpha1.Analysis;
import dev.modelrollout.api.v1alpha1.Check;
import dev.modelrollout.api.v1alpha1.Health;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutSpec;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.Ramp;
import dev.modelrollout.api.v1alpha1.Reaction;
import dev.modelrollout.api.v1alpha1.Route;
import dev.modelrollout.api.v1alpha1.Step;
import dev.modelrollout.api.v1alpha1.Version;
import dev.modelrollout.bench.decisions.Dice;
import dev.modelrollout.rollout.AdaptiveClimb;
import dev.modelrollout.rollout.Backend;
import dev.modelrollout.rollout.ModelVersion;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.Revision;
import dev.modelrollout.rollout.RiskClimb;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.rollout.Trouble;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All that surrounds the operator, small and in memory: users, pods, a gateway, a Prometheus, an API server. Some stages
 * have counters instead of readings: requests follow what the gateway serves, and each pod counts its own.
 */
final class Stage {

    static final List<String> VERSIONS = List.of("v1", "v2", "v3");
    static final String NAMESPACE = "serving";

    /** Its counters are there from the start of each pod. */
    private static final String COUNTS = "triton/errors";

    private static final Map<String, Measured> MEASURED = new ConcurrentHashMap<>();

    /** What a query asks of a version: how often it was bad, or how often at all. */
    private record Measured(String version, boolean bad) {

        static Measured by(String query) {
            var version = VERSIONS.stream()
                    .filter(name -> query.contains("chat-" + name))
                    .findFirst()
                    .orElseThrow();
            return new Measured(version, query.contains("(nv_inference_request_failure"));
        }
    }

    static final Duration INTERVAL = Duration.ofSeconds(5);
    static final Duration WARMUP = Duration.ofSeconds(10);
    static final Duration HOLD = Duration.ofSeconds(20);
    static final int FAILURES = 3;
    static final double LIMIT = 0.1;

    /** To all versions together. */
    static final double REQUESTS_PER_SECOND = 2000;

    static final RiskClimb RISK = new RiskClimb(0.05, INTERVAL);
    static final AdaptiveClimb ADAPTIVE = new AdaptiveClimb("errors", HOLD, 15, -LIMIT);

    private static final Ramp BY_RISK = new Ramp(Ramp.Mode.RISK, "0.05", null, null, null, null);
    private static final Ramp BY_LEAD = new Ramp(Ramp.Mode.ADAPTIVE, null, "20s", 15, "errors", "-0.1");

    private static final double BAD = 5 * LIMIT;
    private static final double GOOD = LIMIT / 10;

    /** What was scraped is known for so long; whoever asks for older counters gets none. */
    private static final Duration SCRAPED = Duration.ofMinutes(6);

    private static final Duration GATEWAY = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A request that failed, or whose answer never came; {@code fatal} takes the process with it. */
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        final boolean fatal;

        Failed(String what, boolean fatal) {
            super(what);
            this.fatal = fatal;
        }
    }

    /** What the operator asks the API server for. */
    enum Call {
        READ_ROLLOUT,
        READ_ROUTE,
        WRITE_ROUTE,
        WRITE_STATUS,
        WRITE_FINALIZERS
    }

    /** The next call of this kind fails, carried out or not, and may take the process with it. */
    record Break(Call call, boolean after, boolean fatal) {}

    /** What a user writes. */
    static final class Spec {
        String target = "v1";
        int maxWeight = 100;
        int attempt = 1;
        List<Integer> steps = List.of(1, 10, 50);
        boolean paused;

        /** Instead of the steps. */
        @Nullable
        Ramp ramp;

        @Nullable
        String provider;

        boolean checks = true;
        boolean counting;
        boolean comparing = true;
        boolean holdOnFailure;
        boolean rollBackWhenBlind;

        @Nullable
        String deadline;

        boolean rollBackAtDeadline;
        final Set<String> unlisted = new HashSet<>();

        /** What cannot be read. */
        Slip slip = Slip.NONE;

        ModelRolloutSpec written() {
            return new ModelRolloutSpec(
                    new Route(null, null, "chat", null),
                    VERSIONS.stream()
                            .filter(name -> !unlisted.contains(name))
                            .map(name -> new Version(name, "chat-" + name, new Version.Backend(null, "serve-" + name)))
                            .toList(),
                    target,
                    slip == Slip.LIMIT ? 101 : (Integer) maxWeight,
                    attempt,
                    ramp == null || !checks
                            ? steps.stream()
                                    .map(weight -> new Step(weight, HOLD.toSeconds() + "s"))
                                    .toList()
                            : null,
                    ramp == null || !checks ? null : ramp,
                    new Health(null, "30s", "1m"),
                    new Analysis(provider, INTERVAL.toSeconds() + "s", WARMUP.toSeconds() + "s", allChecks()),
                    holdOnFailure ? Reaction.HOLD : Reaction.ROLLBACK,
                    rollBackWhenBlind ? Reaction.ROLLBACK : Reaction.HOLD,
                    "1m",
                    deadline,
                    rollBackAtDeadline ? Reaction.ROLLBACK : Reaction.HOLD,
                    paused,
                    slip == Slip.TYPE ? "spec.steps" : null);
        }

        private List<Check> allChecks() {
            var all = new ArrayList<Check>();
            if (checks) {
                all.add(counting ? counts() : query());
            }
            if (slip == Slip.CHECK) {
                all.add(check("typo", "typo{of=\"$vrsion\"}", null, "1", null, null));
            }
            return all;
        }

        private Check query() {
            var difference = comparing ? text(LIMIT) : null;
            return check("errors", "errors{of=\"$deployment\"}", null, text(LIMIT), difference, null);
        }

        private Check counts() {
            return comparing
                    ? check("errors", null, COUNTS, null, null, text(LIMIT))
                    : check("errors", null, COUNTS, text(LIMIT), null, null);
        }

        private static String text(double number) {
            return Double.toString(number);
        }

        private static Check check(
                String name,
                @Nullable String query,
                @Nullable String preset,
                @Nullable String max,
                @Nullable String maxDifference,
                @Nullable String worseThanStable) {
            return new Check(
                    name,
                    query,
                    null,
                    null,
                    null,
                    preset,
                    null,
                    max,
                    null,
                    maxDifference,
                    null,
                    worseThanStable,
                    null,
                    null,
                    query == null ? null : FAILURES);
        }
    }

    /** How a spec that admission let through cannot be read. */
    enum Slip {
        NONE,
        LIMIT,
        TYPE,
        CHECK
    }

    /** A version's pods, and how well they answer. */
    static final class Pods {
        int template = 1;
        int replicas = 3;
        int ready = 3;
        boolean exist = true;
        boolean observed = true;
        boolean reachable = true;
        boolean bad;

        /** Of each pod that ever was: bad requests, and all. */
        final Map<String, double[]> counters = new TreeMap<>();

        /** The ready ones. */
        List<String> names() {
            return exist
                    ? IntStream.range(0, ready)
                            .mapToObj(i -> template + "-" + i)
                            .toList()
                    : List.of();
        }

        void serve(double badRequests, double requests) {
            var serving = names();
            serving.forEach(name -> {
                var its = counters.computeIfAbsent(name, none -> new double[2]);
                its[0] += badRequests / serving.size();
                its[1] += requests / serving.size();
            });
        }

        Seen seen() {
            return new Seen(template, replicas, ready, exist, observed, reachable);
        }

        void recover() {
            exist = true;
            observed = true;
            reachable = true;
            ready = replicas;
        }
    }

    /** A version's pods as a watch shows them. */
    record Seen(int template, int replicas, int ready, boolean exist, boolean observed, boolean reachable) {

        boolean canServe() {
            return exist && reachable;
        }

        /** None are known to be ready while the status is of an older spec. */
        int readyAsObserved() {
            return observed ? ready : 0;
        }

        SlimDeployment deployment() {
            var deployment = new SlimDeployment();
            var meta = new ObjectMeta();
            meta.setGeneration(2L);
            deployment.setMetadata(meta);
            deployment.setSpec(new SlimDeployment.Spec(replicas, "t" + template));
            deployment.setStatus(new SlimDeployment.Status(observed ? 2L : 1L, ready, ready));
            return deployment;
        }
    }

    /**
     * The route as stored.
     *
     * @param rules weights by version, one map for each rule
     * @param foreign whether somebody else's backend has traffic, too
     * @param renamed whether no backend has the name of a version any more
     */
    record StoredRoute(
            String uid, long generation, List<Map<String, Integer>> rules, boolean foreign, boolean renamed) {

        /** The most that any rule gives. */
        int weightOf(String version) {
            return rules.stream()
                    .mapToInt(rule -> Objects.requireNonNull(rule.get(version)))
                    .max()
                    .orElse(0);
        }
    }

    Instant now = Instant.parse("2026-03-01T12:00:00Z");
    final Spec spec = new Spec();
    final Map<String, Pods> pods = new TreeMap<>(Map.of("v1", new Pods(), "v2", new Pods(), "v3", new Pods()));

    @Nullable
    StoredRoute route;

    /** Others that name the same route. */
    final ModelRollout older = other("older", "2020-01-01T00:00:00Z");

    final ModelRollout younger = other("younger", "2030-01-01T00:00:00Z");

    /** The rollout as stored; null when there is none. */
    @Nullable
    ModelRollout rollout;

    /** By how much the local clock of the next process is off. */
    Duration skew = Duration.ZERO;

    Instant servedFrom = now;
    boolean gatewayStuck;
    boolean rival;

    /** How long a metric source takes to answer. */
    Duration slowness = Duration.ZERO;

    @Nullable
    Blindness blindness;

    boolean candidateIsSilent;
    final Set<String> noisy = new HashSet<>();

    /** Versions of which one pod is not scraped at the next tick. */
    final Set<String> halfSeen = new HashSet<>();

    /** Versions that were ever worse than good. */
    final Set<String> blemished = new HashSet<>();

    private final Map<Instant, Map<Measured, Answer>> scraped = new HashMap<>();
    private final Dice dice;
    private final Map<String, Double> requests = new TreeMap<>();
    private Map<String, Double> serving = Map.of("v1", 1.0);
    private Instant flowedUntil = now;

    @Nullable
    Break breaks;

    /** Happens between a decision and the next so many route writes that rest on it. */
    @Nullable
    Runnable meanwhile;

    int meanwhiles;

    /** Happens while the operator waits for the answer to its next call. */
    @Nullable
    Runnable pause;

    long resourceVersion = 1;
    private long generation = 1;
    private long routes;
    private long rollouts;

    /** One of three has none. */
    static @Nullable Ramp ramp(int which) {
        return switch (Math.floorMod(which, 3)) {
            case 0 -> BY_RISK;
            case 1 -> BY_LEAD;
            default -> null;
        };
    }

    /** @param seed of the counters; null when there are none */
    Stage(int rules, @Nullable Integer seed) {
        spec.counting = seed != null;
        spec.ramp = seed == null ? null : ramp(seed);
        dice = Dice.of(0, seed == null ? 0 : seed);
        route = routeOf(
                IntStream.range(0, rules).mapToObj(i -> weights(100, 0, 0)).toList());
        create();
    }

    static Map<String, Integer> weights(int v1, int v2, int v3) {
        return Map.of("v1", v1, "v2", v2, "v3", v3);
    }

    private static ModelVersion version(String name) {
        return new ModelVersion(name, "chat-" + name, Backend.service("serve-" + name));
    }

    Pods pods(String version) {
        return Objects.requireNonNull(pods.get(version));
    }

    /** Of pods as somebody has seen them. */
    Revision revision(String version, Seen its) {
        return Revision.of(version(version), "t" + its.template(), spec.attempt);
    }

    // What people and others do

    void edit(Consumer<Spec> change) {
        change.accept(spec);
        if (rollout != null) {
            generation++;
            store(next(rollout, spec.written()));
        }
    }

    /** Under the same name, and another uid. */
    void create() {
        var created = new ModelRollout();
        var meta = new ObjectMeta();
        meta.setName("chat");
        meta.setNamespace(NAMESPACE);
        meta.setUid("rollout-" + rollouts++);
        meta.setCreationTimestamp(now.toString());
        created.setMetadata(meta);
        generation = 1;
        store(next(created, spec.written()));
    }

    /** At once when nobody has to take leave of it. */
    void delete() {
        var gone = rollout;
        if (gone == null || gone.isMarkedForDeletion()) {
            return;
        }
        if (gone.getFinalizers().isEmpty()) {
            rollout = null;
            return;
        }
        generation++;
        var marked = next(gone, gone.getSpec());
        marked.getMetadata().setDeletionTimestamp(now.toString());
        store(marked);
    }

    private static ModelRollout other(String name, String createdAt) {
        var other = new ModelRollout();
        var meta = new ObjectMeta();
        meta.setName(name);
        meta.setNamespace(NAMESPACE);
        meta.setUid(name);
        meta.setGeneration(1L);
        meta.setCreationTimestamp(createdAt);
        other.setMetadata(meta);
        other.setSpec(new Spec().written());
        return other;
    }

    static String uid(ModelRollout of) {
        return of.getMetadata().getUid();
    }

    private ModelRollout next(ModelRollout before, ModelRolloutSpec its) {
        var next = copy(before);
        next.getMetadata().setGeneration(generation);
        next.setSpec(its);
        return next;
    }

    private static ModelRollout copy(ModelRollout before) {
        var old = before.getMetadata();
        var meta = new ObjectMeta();
        meta.setName(old.getName());
        meta.setNamespace(old.getNamespace());
        meta.setUid(old.getUid());
        meta.setCreationTimestamp(old.getCreationTimestamp());
        meta.setDeletionTimestamp(old.getDeletionTimestamp());
        meta.setGeneration(old.getGeneration());
        meta.setFinalizers(old.getFinalizers());
        var copy = new ModelRollout();
        copy.setMetadata(meta);
        copy.setSpec(before.getSpec());
        copy.setStatus(before.getStatus());
        return copy;
    }

    private ModelRollout store(ModelRollout next) {
        resourceVersion++;
        next.getMetadata().setResourceVersion(Long.toString(resourceVersion));
        rollout = next;
        return next;
    }

    void see() {
        blindness = null;
        candidateIsSilent = false;
    }

    void stickGateway(boolean stuck) {
        gatewayStuck = stuck;
        servedFrom = now.plus(GATEWAY);
    }

    void mendRoute() {
        var broken = route;
        if (broken == null) {
            setRoute(List.of(weights(100, 0, 0)));
        } else if (broken.foreign() || broken.renamed()) {
            reshape(broken, false, false);
        }
    }

    void misshape(boolean renamed) {
        if (route != null) {
            reshape(route, true, renamed);
        }
    }

    private void reshape(StoredRoute before, boolean foreign, boolean renamed) {
        route = new StoredRoute(before.uid(), before.generation() + 1, before.rules(), foreign, renamed);
        servedFrom = now.plus(GATEWAY);
    }

    /** The version that the status says is live. */
    @Nullable
    String live() {
        var status = status();
        return status == null ? null : status.live();
    }

    void setRoute(@Nullable List<Map<String, Integer>> rules) {
        route = rules == null ? null : routeOf(rules);
        servedFrom = now.plus(GATEWAY);
    }

    private StoredRoute routeOf(List<Map<String, Integer>> rules) {
        var before = route;
        return before == null
                ? new StoredRoute("route-" + routes++, 1, rules, false, false)
                : new StoredRoute(before.uid(), before.generation() + 1, rules, before.foreign(), before.renamed());
    }

    void setStatus(@Nullable ModelRolloutStatus status) {
        if (rollout != null) {
            var next = copy(rollout);
            next.setStatus(status);
            store(next);
        }
    }

    /** As another process reads it. */
    static ModelRolloutStatus read(ModelRolloutStatus written) {
        try {
            return JSON.readValue(JSON.writeValueAsString(written), ModelRolloutStatus.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that watches show. */
    record Shown(
            @Nullable ModelRollout rollout,
            @Nullable StoredRoute route,
            boolean isServed,
            Map<String, Seen> pods,
            boolean rival) {

        Seen pods(String version) {
            return Objects.requireNonNull(pods.get(version));
        }
    }

    Shown shown() {
        return new Shown(
                rollout,
                route,
                isServed(),
                Map.of(
                        "v1",
                        pods("v1").seen(),
                        "v2",
                        pods("v2").seen(),
                        "v3",
                        pods("v3").seen()),
                rival);
    }

    @Nullable
    ModelRolloutStatus status() {
        return rollout == null ? null : rollout.getStatus();
    }

    // The gateway and the route

    boolean isServed() {
        return !gatewayStuck && !now.isBefore(servedFrom);
    }

    static RouteView view(RolloutPlan plan, @Nullable StoredRoute seen, boolean isServed) {
        if (seen == null) {
            return RouteView.unseen(new Trouble(Reason.ROUTE_MISSING, "no route"));
        }
        var foreign = seen.foreign()
                || VERSIONS.stream()
                        .filter(version -> !plan.lists(version))
                        .anyMatch(version -> seen.weightOf(version) > 0);
        return new RouteView(
                seen.uid(),
                seen.generation(),
                seen.renamed() ? List.of() : rules(seen, plan),
                isServed ? null : "Accepted is False",
                null,
                foreign ? new Trouble(Reason.ROUTE_SHAPE, "somebody else's backend has traffic") : null);
    }

    private static List<ManagedRule> rules(StoredRoute route, RolloutPlan plan) {
        return IntStream.range(0, route.rules().size())
                .mapToObj(i -> new ManagedRule(i, null, refs(route.rules().get(i), plan)))
                .toList();
    }

    private static List<Ref> refs(Map<String, Integer> rule, RolloutPlan plan) {
        return VERSIONS.stream()
                .filter(plan::lists)
                .map(name -> new Ref(
                        VERSIONS.indexOf(name),
                        name,
                        Objects.requireNonNull(rule.get(name)),
                        true,
                        Map.of("name", name)))
                .toList();
    }

    // The API server

    /** Fails here if it is to fail here. */
    void calling(Call call, boolean after) {
        var interruption = pause;
        if (interruption != null && !after) {
            pause = null;
            interruption.run();
        }
        var here = breaks;
        if (here != null && here.call() == call && here.after() == after) {
            breaks = null;
            throw new Failed("broken " + here, here.fatal());
        }
    }

    /** A patch of the weights: what it has replaced; empty when the route is not as the patch expects it. */
    Optional<StoredRoute> patch(RolloutPlan plan, RouteView view, TrafficSplit split, boolean byGeneration) {
        race();
        calling(Call.WRITE_ROUTE, false);
        var before = route;
        if (before == null || before.renamed() || !matches(before, plan, view, byGeneration)) {
            return Optional.empty();
        }
        var rules = IntStream.range(0, before.rules().size())
                .mapToObj(i -> given(before.rules().get(i), view.rules().get(i), split))
                .toList();
        route = new StoredRoute(before.uid(), before.generation() + 1, rules, before.foreign(), false);
        servedFrom = now.plus(GATEWAY);
        return Optional.of(before);
    }

    private static boolean matches(StoredRoute before, RolloutPlan plan, RouteView view, boolean byGeneration) {
        return byGeneration
                ? view.uid().equals(before.uid()) && view.generation() == before.generation()
                : rules(before, plan).equals(view.rules());
    }

    private void race() {
        var act = meanwhile;
        if (act != null) {
            meanwhiles--;
            meanwhile = meanwhiles > 0 ? act : null;
            act.run();
        }
    }

    private static Map<String, Integer> given(Map<String, Integer> before, ManagedRule rule, TrafficSplit split) {
        var after = new TreeMap<>(before);
        rule.refs().forEach(ref -> after.put(ref.version(), split.weightOf(ref.version())));
        return after;
    }

    ModelRollout patchStatus(ModelRollout basis, ModelRolloutStatus next) {
        return patch(Call.WRITE_STATUS, basis, copy -> copy.setStatus(next));
    }

    ModelRollout patchFinalizers(ModelRollout basis, List<String> finalizers) {
        var patched =
                patch(Call.WRITE_FINALIZERS, basis, copy -> copy.getMetadata().setFinalizers(finalizers));
        if (patched.isMarkedForDeletion() && finalizers.isEmpty()) {
            rollout = null;
        }
        return patched;
    }

    private ModelRollout patch(Call call, ModelRollout basis, Consumer<ModelRollout> change) {
        calling(call, false);
        var before = rollout;
        if (before == null || !version(before).equals(version(basis))) {
            throw new Failed(before == null ? "404" : "409", false);
        }
        var next = copy(before);
        change.accept(next);
        return store(next);
    }

    private static String version(ModelRollout of) {
        return of.getMetadata().getResourceVersion();
    }

    // Prometheus

    private static Instant newestTick(Instant at) {
        var interval = INTERVAL.toSeconds();
        return Instant.ofEpochSecond(at.getEpochSecond() / interval * interval);
    }

    /** What it answers now. */
    Answer answer(Question question, Instant tick, Duration skew) {
        return skew.abs().compareTo(INTERVAL.dividedBy(2)) > 0
                ? new Answer.Missing(tick, Blindness.CLOCK_SKEW)
                : told(question, tick);
    }

    /** Of which version it asks; empty when of bad requests, which are told together with all. */
    static Optional<String> askedOf(Question question) {
        return Optional.of(asked(question)).filter(its -> !its.bad()).map(Measured::version);
    }

    private static Measured asked(Question question) {
        return MEASURED.computeIfAbsent(question.query(), Measured::by);
    }

    private Answer told(Question question, Instant tick) {
        if (!spec.counting && tick.equals(newestTick(now))) {
            deliver(tick);
            noisy.clear();
        }
        return scraped.getOrDefault(tick, Map.of())
                .getOrDefault(asked(question), new Answer.Missing(tick, Blindness.NO_DATA));
    }

    /** A tick has one answer, whenever it is asked for. */
    private void deliver(Instant tick) {
        if (scraped.containsKey(tick)) {
            return;
        }
        var answers = new HashMap<Measured, Answer>();
        for (var version : VERSIONS) {
            if (spec.counting) {
                answers.put(new Measured(version, true), scrape(version, tick, 0));
                answers.put(new Measured(version, false), scrape(version, tick, 1));
            } else {
                answers.put(new Measured(version, false), reading(version, tick));
            }
        }
        scraped.put(tick, answers);
    }

    private Answer reading(String version, Instant tick) {
        return missing(version)
                .<Answer>map(why -> new Answer.Missing(tick, why))
                .orElseGet(() -> new Answer.Value(tick, badShare(version)));
    }

    private Optional<Blindness> missing(String version) {
        return Optional.ofNullable(
                candidateIsSilent && version.equals(spec.target) && blindness == null ? Blindness.NO_DATA : blindness);
    }

    /** Each pod from its start; without a bad request there is no series of bad ones. */
    private Answer scrape(String version, Instant tick, int which) {
        var seen = new HashMap<Series, Double>();
        pods(version).names().stream().skip(halfSeen.contains(version) ? 1 : 0).forEach(name -> {
            var value = pods(version).counters.getOrDefault(name, new double[2])[which];
            if (which == 1 || value > 0) {
                seen.put(new Series("chat", "chat-" + version + "-" + name, name, ""), value);
            }
        });
        return missing(version)
                .or(() -> seen.isEmpty() ? Optional.of(Blindness.NO_DATA) : Optional.empty())
                .<Answer>map(why -> new Answer.Missing(tick, why))
                .orElseGet(() -> new Answer.Counters(tick, seen));
    }

    private double badShare(String version) {
        var isBad = pods(version).bad || noisy.contains(version);
        if (isBad) {
            blemished.add(version);
        }
        return isBad ? BAD : GOOD;
    }

    /** The requests since the last time go where the gateway has sent them. */
    void flow() {
        if (!spec.counting) {
            return;
        }
        for (var tick = newestTick(flowedUntil).plus(INTERVAL); !tick.isAfter(now); tick = tick.plus(INTERVAL)) {
            flow(tick);
            if (tick.isAfter(now.minus(SCRAPED))) {
                deliver(tick);
            }
            noisy.clear();
            halfSeen.clear();
        }
        flow(now);
        if (isServed()) {
            serving = shares();
        }
    }

    private void flow(Instant until) {
        var seconds = Duration.between(flowedUntil, until).toMillis() / 1000.0;
        flowedUntil = until;
        serving.forEach((version, share) -> {
            var came = Math.round(REQUESTS_PER_SECOND * seconds * share);
            if (pods(version).seen().canServe()) {
                pods(version).serve((double) dice.binomial(came, badShare(version)), (double) came);
                requests.merge(version, (double) came, Double::sum);
            }
        });
    }

    private Map<String, Double> shares() {
        var rules = route == null ? List.<Map<String, Integer>>of() : route.rules();
        var all = new TreeMap<String, Double>();
        rules.forEach(rule -> {
            var total = rule.values().stream().mapToInt(weight -> weight).sum();
            rule.forEach((version, weight) ->
                    all.merge(version, weight / (double) Math.max(1, total) / rules.size(), Double::sum));
        });
        return all;
    }

    /** All that a version ever had. */
    double requests(String version) {
        return requests.getOrDefault(version, 0.0);
    }
}
