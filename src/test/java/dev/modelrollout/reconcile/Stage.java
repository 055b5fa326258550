package dev.modelrollout.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.GaugeCheck;
import dev.modelrollout.analysis.Limits;
import dev.modelrollout.analysis.Limits.Range;
import dev.modelrollout.analysis.PlainCheck;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.analysis.SignCheck;
import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.analysis.Wanted.Asked;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.bench.decisions.Dice;
import dev.modelrollout.rollout.AdaptiveClimb;
import dev.modelrollout.rollout.Backend;
import dev.modelrollout.rollout.Climb;
import dev.modelrollout.rollout.CountsCheck;
import dev.modelrollout.rollout.EventCounters;
import dev.modelrollout.rollout.Ladder;
import dev.modelrollout.rollout.Ladder.Step;
import dev.modelrollout.rollout.ModelVersion;
import dev.modelrollout.rollout.QueryCheck;
import dev.modelrollout.rollout.QueryTemplate;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.Revision;
import dev.modelrollout.rollout.RiskClimb;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RolloutPlan.Analysis;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.rollout.Trouble;
import dev.modelrollout.rollout.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that surrounds the operator, small and in memory: users, pods, a gateway, a Prometheus, an API server. Some stages
 * have counters instead of readings: requests follow what the gateway serves, and each pod counts its own.
 */
final class Stage {

    static final List<String> VERSIONS = List.of("v1", "v2", "v3");
    static final Duration INTERVAL = Duration.ofSeconds(5);
    static final Duration WARMUP = Duration.ofSeconds(10);
    static final Duration HOLD = Duration.ofSeconds(20);
    static final int FAILURES = 3;
    static final double LIMIT = 0.1;

    /** To all versions together. */
    static final double REQUESTS_PER_SECOND = 2000;

    static final RiskClimb RISK = new RiskClimb(0.05, INTERVAL);
    static final AdaptiveClimb ADAPTIVE = new AdaptiveClimb("errors", HOLD, 15, -LIMIT);

    private static final double BAD = 5 * LIMIT;
    private static final double GOOD = LIMIT / 10;

    private static final Duration KEPT = Duration.ofMinutes(2);

    /** What was scraped is known for so long; whoever asks for older counters gets none. */
    private static final Duration SCRAPED = Duration.ofMinutes(6);

    private static final Duration GATEWAY = Duration.ofSeconds(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A write whose answer never came, or that was refused; {@code fatal} takes the process with it. */
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        final boolean fatal;

        Failed(String what, boolean fatal) {
            super(what);
            this.fatal = fatal;
        }
    }

    /** Where the next write fails. */
    enum Break {
        BEFORE_ROUTE,
        AFTER_ROUTE,
        BEFORE_STATUS,
        AFTER_STATUS
    }

    /** What a user writes. */
    static final class Spec {
        long generation = 1;
        String target = "v1";
        int maxWeight = 100;
        int attempt = 1;
        List<Integer> steps = List.of(1, 10, 50);
        boolean paused;

        /** Instead of the steps. */
        @Nullable
        Climb ramp;

        boolean checks = true;
        boolean counting;
        boolean comparing = true;
        boolean holdOnFailure;
        boolean rollBackWhenBlind;

        @Nullable
        Duration deadline;

        boolean rollBackAtDeadline;
        final Set<String> unlisted = new HashSet<>();

        RolloutPlan plan() {
            return new RolloutPlan(
                    generation,
                    "serving",
                    new RouteRef("gateway.networking.k8s.io", "HTTPRoute", "serving", "chat", null),
                    VERSIONS.stream()
                            .filter(name -> !unlisted.contains(name))
                            .map(Stage::version)
                            .toList(),
                    target,
                    maxWeight,
                    attempt,
                    ramp == null || !checks
                            ? new Ladder(steps.stream()
                                    .map(weight -> new Step(weight, HOLD))
                                    .toList())
                            : ramp,
                    100,
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(1),
                    new Analysis(
                            "default", INTERVAL, WARMUP, checks ? List.of(counting ? counts() : check()) : List.of()),
                    holdOnFailure,
                    rollBackWhenBlind,
                    Duration.ofMinutes(1),
                    deadline,
                    rollBackAtDeadline,
                    paused);
        }

        private QueryCheck check() {
            var difference = comparing ? new Range(Double.NEGATIVE_INFINITY, LIMIT) : Range.ANY;
            var rule = new PlainCheck(new Limits(new Range(Double.NEGATIVE_INFINITY, LIMIT), difference), FAILURES);
            return new QueryCheck(
                    "errors",
                    new QueryTemplate("errors{v=\"$version\"}"),
                    new GaugeCheck(rule, new SignCheck(Better.LOWER, List.of())),
                    "compares " + comparing);
        }

        private CountsCheck counts() {
            var limit = comparing ? new CountLimit.WorseThanStable(LIMIT) : new CountLimit.Max(LIMIT);
            return new CountsCheck(
                    "errors",
                    new EventCounters.Events(
                            new QueryTemplate("bad{v=\"$version\"}"), new QueryTemplate("total{v=\"$version\"}")),
                    new SequentialCheck(List.of(limit)),
                    "compares " + comparing,
                    true,
                    "");
        }
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

        boolean canServe() {
            return exist && reachable;
        }

        void recover() {
            exist = true;
            observed = true;
            reachable = true;
            ready = replicas;
        }
    }

    /** The rollout as stored: what was read with it can only be written back while it is the newest. */
    record Stored(RolloutPlan plan, @Nullable ModelRolloutStatus status, long resourceVersion) {}

    /** The route as stored; weights by version, one map for each rule. */
    record Route(String uid, long generation, List<Map<String, Integer>> rules, Instant writtenAt) {

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
    Route route;

    Instant servedFrom = now;
    boolean gatewayStuck;
    boolean misshapen;
    boolean renamed;
    boolean rival;

    @Nullable
    Blindness blindness;

    boolean candidateIsSilent;
    final Set<String> noisy = new HashSet<>();

    /** Versions of which one pod is not scraped at the next tick. */
    final Set<String> halfSeen = new HashSet<>();

    /** Versions that were ever worse than good. */
    final Set<String> blemished = new HashSet<>();

    final Map<Question, NavigableMap<Instant, Answer>> readings = new HashMap<>();

    /** What there was to be known at each tick of each version, newest first. */
    final Deque<Map<String, Answer>> delivered = new ArrayDeque<>();

    private final Map<Instant, Map<String, Answer>> scraped = new HashMap<>();
    private Wanted wanted = Wanted.NOTHING;
    private final Dice dice;
    private final Map<String, Double> requests = new TreeMap<>();
    private Map<String, Double> serving = Map.of("v1", 1.0);
    private Instant flowedUntil = now;

    Instant staleUntil = Instant.EPOCH;

    @Nullable
    Break breaks;

    boolean breakIsFatal;

    /** Happens between a read and the route write that rests on it. */
    @Nullable
    Runnable meanwhile;

    long resourceVersion = 1;
    private long routes;
    private RolloutPlan plan;
    private @Nullable ModelRolloutStatus status;
    private Stored cached;
    private @Nullable Route cachedRoute;
    private @Nullable Route overwritten;

    /** One of three has none. */
    static @Nullable Climb ramp(int which) {
        return switch (Math.floorMod(which, 3)) {
            case 0 -> RISK;
            case 1 -> ADAPTIVE;
            default -> null;
        };
    }

    /** @param seed of the counters; null when there are none */
    Stage(int rules, @Nullable Integer seed) {
        spec.counting = seed != null;
        spec.ramp = seed == null ? null : ramp(seed);
        plan = spec.plan();
        dice = Dice.of(0, seed == null ? 0 : seed);
        route = routeOf(
                IntStream.range(0, rules).mapToObj(i -> weights(100, 0, 0)).toList());
        cached = stored();
        sync();
    }

    static Map<String, Integer> weights(int v1, int v2, int v3) {
        return Map.of("v1", v1, "v2", v2, "v3", v3);
    }

    private static ModelVersion version(String name) {
        return new ModelVersion(name, "chat-" + name, Backend.service("chat-" + name));
    }

    Pods pods(String version) {
        return Objects.requireNonNull(pods.get(version));
    }

    Revision revision(String version) {
        return Revision.of(version(version), "t" + pods(version).template, spec.attempt);
    }

    // What people and others do

    void edit(Consumer<Spec> change) {
        change.accept(spec);
        spec.generation++;
        plan = spec.plan();
        resourceVersion++;
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
        misshapen = false;
        renamed = false;
        if (route == null) {
            setRoute(List.of(weights(100, 0, 0)));
        }
    }

    void breakAt(@Nullable Break where, boolean fatal) {
        breaks = where;
        breakIsFatal = fatal;
    }

    /** The version that the status says is live. */
    @Nullable
    String live() {
        return status == null ? null : status.live();
    }

    void setRoute(@Nullable List<Map<String, Integer>> rules) {
        route = rules == null ? null : routeOf(rules);
        servedFrom = now.plus(GATEWAY);
    }

    private Route routeOf(List<Map<String, Integer>> rules) {
        var before = route;
        return before == null
                ? new Route("route-" + routes++, 1, rules, now)
                : new Route(before.uid(), before.generation() + 1, rules, now);
    }

    void loseStatus() {
        status = null;
        resourceVersion++;
    }

    // Watches

    boolean isStale() {
        return now.isBefore(staleUntil);
    }

    /** Time has passed: requests have flowed, and what has changed reaches the caches. */
    void sync() {
        flow();
        if (!isStale()) {
            cached = stored();
            cachedRoute = route;
        }
    }

    Stored rollout(boolean fresh) {
        return fresh ? stored() : cached;
    }

    private Stored stored() {
        return new Stored(plan, status, resourceVersion);
    }

    /** All that is left of a process that dies. */
    void forget() {
        follow(Wanted.NOTHING);
        status = status == null ? null : read(status);
    }

    /** As another process reads it. */
    static ModelRolloutStatus read(ModelRolloutStatus written) {
        try {
            return JSON.readValue(JSON.writeValueAsString(written), ModelRolloutStatus.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Nullable
    ModelRolloutStatus status() {
        return status;
    }

    Map<String, Workload> workloads() {
        var seen = new HashMap<String, Workload>();
        pods.forEach((version, its) -> {
            if (its.exist) {
                var ready = its.observed ? its.ready : 0;
                seen.put(version, new Workload("t" + its.template, its.replicas, ready, its.observed, its.reachable));
            }
        });
        return seen;
    }

    Set<String> reachable() {
        return VERSIONS.stream().filter(version -> pods(version).canServe()).collect(Collectors.toSet());
    }

    Optional<Trouble> trouble(RolloutPlan plan, Optional<String> live) {
        if (rival) {
            return Optional.of(new Trouble(Reason.CONFLICT, "an older rollout manages this rule"));
        }
        return Stream.concat(Stream.of(plan.target()), live.stream())
                .filter(version -> plan.lists(version) && !pods(version).exist)
                .findFirst()
                .map(version -> new Trouble(Reason.DEPLOYMENT_MISSING, "no Deployment of " + version));
    }

    // The gateway and the route

    boolean isServed() {
        return !gatewayStuck && !now.isBefore(servedFrom);
    }

    RouteView view(RolloutPlan plan, boolean fresh) {
        var seen = fresh ? route : cachedRoute;
        if (fresh && !isStale()) {
            cachedRoute = route;
        }
        if (seen == null) {
            return RouteView.unseen(new Trouble(Reason.ROUTE_MISSING, "no route"));
        }
        var foreign = misshapen
                || renamed
                || seen.rules().stream()
                        .anyMatch(rule -> spec.unlisted.stream()
                                .anyMatch(version ->
                                        !plan.lists(version) && Objects.requireNonNull(rule.get(version)) > 0));
        return new RouteView(
                seen.uid(),
                seen.generation(),
                renamed ? List.of() : rules(seen, plan),
                isServed() ? null : "Accepted is False",
                null,
                foreign ? new Trouble(Reason.ROUTE_SHAPE, "somebody else's backend has traffic") : null);
    }

    private static List<ManagedRule> rules(Route route, RolloutPlan plan) {
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

    boolean raise(RouteView view, TrafficSplit split) {
        race();
        var target = route;
        if (target == null || !view.uid().equals(target.uid()) || view.generation() != target.generation()) {
            return false;
        }
        write(view, split);
        return true;
    }

    boolean lower(RolloutPlan plan, RouteView view, TrafficSplit split) {
        race();
        var seen = view;
        for (var attempt = 1; attempt <= 5 && !seen.rules().isEmpty(); attempt++) {
            var target = route;
            if (seen.givesLess(split.candidate(), split.weight())) {
                return false;
            }
            if (seen.serves(split)) {
                return true;
            }
            if (target != null && rules(target, plan).equals(seen.rules())) {
                write(seen, split);
                return true;
            }
            seen = view(plan, true);
        }
        return seen.serves(split);
    }

    private void race() {
        var act = meanwhile;
        meanwhile = null;
        if (act != null) {
            act.run();
        }
    }

    private void write(RouteView view, TrafficSplit split) {
        breaking(Break.BEFORE_ROUTE);
        var before = Objects.requireNonNull(route);
        overwritten = before;
        setRoute(IntStream.range(0, before.rules().size())
                .mapToObj(i -> given(before.rules().get(i), view.rules().get(i), split))
                .toList());
        breaking(Break.AFTER_ROUTE);
        cachedRoute = route;
    }

    private static Map<String, Integer> given(Map<String, Integer> before, ManagedRule rule, TrafficSplit split) {
        var after = new TreeMap<>(before);
        rule.refs().forEach(ref -> after.put(ref.version(), split.weightOf(ref.version())));
        return after;
    }

    /** What the last write of the operator has replaced; told once. */
    Optional<Route> overwritten() {
        var before = Optional.ofNullable(overwritten);
        overwritten = null;
        return before;
    }

    private void breaking(Break here) {
        if (breaks == here) {
            breaks = null;
            throw new Failed("broken " + here, breakIsFatal);
        }
    }

    void store(Stored basis, ModelRolloutStatus next) {
        breaking(Break.BEFORE_STATUS);
        if (basis.resourceVersion() != resourceVersion) {
            throw new Failed("409", false);
        }
        status = next;
        resourceVersion++;
        breaking(Break.AFTER_STATUS);
        cached = stored();
    }

    // Prometheus

    /** All but histories, which nobody kept. */
    void follow(Wanted all) {
        wanted = all;
        readings.keySet().retainAll(all.questions());
        all.everyTick().stream()
                .filter(question -> !readings.containsKey(question))
                .forEach(question -> answer(question, newestAnswered()));
        all.once().forEach(asked -> answer(asked.question(), asked.tick()));
    }

    /** When the next answers come; never while nothing is asked. */
    Instant nextTick() {
        return wanted.everyTick().isEmpty() ? Instant.MAX : newestTick().plus(INTERVAL);
    }

    private Instant newestTick() {
        return newestTick(now);
    }

    private static Instant newestTick(Instant at) {
        var interval = INTERVAL.toSeconds();
        return Instant.ofEpochSecond(at.getEpochSecond() / interval * interval);
    }

    /** The newest tick that answers are of: counters are asked for once they have settled. */
    Instant newestAnswered() {
        return spec.counting ? newestTick().minus(Question.Form.COUNTERS.settles()) : newestTick();
    }

    /** All that is followed is answered for this tick. */
    void tick() {
        if (now.equals(newestTick())) {
            wanted.everyTick().forEach(question -> answer(question, newestAnswered()));
            noisy.clear();
        }
    }

    private void answer(Question question, Instant tick) {
        var kept = readings.computeIfAbsent(question, none -> new TreeMap<>());
        kept.computeIfAbsent(tick, its -> told(question, its));
        var oldest = now.minus(KEPT);
        kept.headMap(oldest).keySet().removeIf(its -> !wanted.once().contains(new Asked(question, its)));
    }

    private Answer told(Question question, Instant tick) {
        if (!spec.counting && tick.equals(newestTick())) {
            deliver(tick);
        }
        return scraped.getOrDefault(tick, Map.of())
                .getOrDefault(question.query(), new Answer.Missing(tick, Blindness.NO_DATA));
    }

    /** A tick has one answer, whenever it is asked for. */
    private void deliver(Instant tick) {
        if (scraped.containsKey(tick)) {
            return;
        }
        var answers = new HashMap<String, Answer>();
        var known = new HashMap<String, Answer>();
        for (var version : VERSIONS) {
            if (spec.counting) {
                answers.put("bad{v=\"" + version + "\"}", scrape(version, tick, 0));
                answers.put("total{v=\"" + version + "\"}", scrape(version, tick, 1));
                known.put(version, scrape(version, tick, 1));
            } else {
                answers.put("errors{v=\"" + version + "\"}", reading(version, tick));
                known.put(version, reading(version, tick));
            }
        }
        scraped.put(tick, answers);
        delivered.addFirst(known);
        if (delivered.size() > 50) {
            delivered.removeLast();
        }
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
    private void flow() {
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
            if (pods(version).canServe()) {
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

    Map<Question, List<Answer>> answers() {
        var all = new HashMap<Question, List<Answer>>();
        readings.forEach((question, kept) -> all.put(question, List.copyOf(kept.values())));
        return all;
    }
}
