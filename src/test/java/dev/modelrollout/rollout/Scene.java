package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Evidence;
import dev.modelrollout.analysis.GaugeCheck;
import dev.modelrollout.analysis.GaugeEvidence;
import dev.modelrollout.analysis.Limits;
import dev.modelrollout.analysis.Limits.Range;
import dev.modelrollout.analysis.PlainCheck;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.SignCheck;
import dev.modelrollout.analysis.SignEvidence;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Ladder.Step;
import dev.modelrollout.rollout.Move.Action;
import dev.modelrollout.rollout.RolloutPlan.Analysis;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A round to decide on. Unless told otherwise v2 replaces v1 over 1, 10 and 50 % with 10 minutes at each, one check
 * compares both, everybody is well, the route shows what the state says, and the state began 20 minutes ago.
 */
final class Scene {

    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Duration HOLD = Duration.ofMinutes(10);

    private static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final double GOOD = 0.01;
    static final double BAD = 0.5;
    /** In the place of an answer: it is still to come. */
    static final Object NOT_YET = "not yet";

    private final Map<String, Workload> workloads = new HashMap<>(Map.of(
            "v1", new Workload("t1", 3, 3, true, true),
            "v2", new Workload("t2", 3, 3, true, true),
            "v3", new Workload("t3", 3, 3, true, true)));
    private final Set<String> reachable = new HashSet<>(Set.of("v1", "v2", "v3"));
    private final Map<String, List<Object>> answers = new HashMap<>();
    private final List<Tombstone> tombstones = new ArrayList<>();
    private final List<Move> history = new ArrayList<>();

    private final Kind kind;
    private int step;
    private int weight;
    private Instant since = NOW.minus(Duration.ofMinutes(20));
    private Patience patience = Patience.NONE;
    private int losses;
    private int replicas = 3;
    private int attempt = 1;
    private int attemptOfState = 1;
    private String stableTemplate = "t1";
    private Measurements measurements = Measurements.NONE;
    private Reason cause = Reason.CHECK_FAILED;
    private @Nullable Instant settledSince;

    private long generation = 1;
    private String target = "v2";
    private int maxWeight = 100;
    private int[] steps = {1, 10, 50};
    private String notListed = "";
    private int minReady = 100;
    private boolean checks = true;
    private boolean comparing = true;
    private boolean blindCheck;
    private boolean holdOnFailure;
    private boolean rollBackWhenBlind;
    private @Nullable Duration deadline;
    private boolean rollBackAtDeadline;
    private boolean paused;

    private @Nullable List<int[]> shares;
    private @Nullable String unprogrammed;
    private @Nullable Trouble routeTrouble;
    private @Nullable Trouble trouble;
    private boolean interrupted;
    private boolean respecified;

    private enum Kind {
        UNSEEN,
        LIVE,
        WAITING,
        PROGRESSING,
        ROLLED_BACK
    }

    private boolean halted;

    private Scene(Kind kind) {
        this.kind = kind;
    }

    static Scene unseen() {
        return new Scene(Kind.UNSEEN);
    }

    /** v1 is live, and wanted. */
    static Scene live() {
        return new Scene(Kind.LIVE).target("v1");
    }

    static Scene waiting() {
        return new Scene(Kind.WAITING);
    }

    static Scene progressing(int step) {
        var scene = new Scene(Kind.PROGRESSING);
        scene.step = step;
        scene.weight = weightOf(step);
        return scene;
    }

    static Scene rolledBack() {
        return new Scene(Kind.ROLLED_BACK).failedBefore();
    }

    /** Halted for this cause, in this generation. */
    Scene halted(Reason why) {
        halted = true;
        cause = why;
        return this;
    }

    // The plan

    Scene target(String version) {
        target = version;
        return this;
    }

    Scene maxWeight(int percent) {
        maxWeight = percent;
        return this;
    }

    Scene attempt(int number) {
        attempt = number;
        return this;
    }

    Scene steps(int... weights) {
        steps = weights;
        return this;
    }

    Scene minReady(int percent) {
        minReady = percent;
        return this;
    }

    Scene withoutChecks() {
        checks = false;
        return this;
    }

    /** Before the other check there is one about which nobody has answered for 10 minutes. */
    Scene withABlindCheck() {
        blindCheck = true;
        return this;
    }

    Scene notComparing() {
        comparing = false;
        return this;
    }

    Scene holdOnFailure() {
        holdOnFailure = true;
        return this;
    }

    Scene rollBackWhenBlind() {
        rollBackWhenBlind = true;
        return this;
    }

    Scene deadline(Duration after) {
        deadline = after;
        return this;
    }

    Scene rollBackAtDeadline() {
        rollBackAtDeadline = true;
        return this;
    }

    Scene paused() {
        paused = true;
        return this;
    }

    Scene notListed(String version) {
        notListed = version;
        return this;
    }

    Scene specChanged() {
        generation = 2;
        return this;
    }

    // What is remembered

    Scene begun(Duration ago) {
        since = NOW.minus(ago);
        return this;
    }

    /** The state is of this attempt, whatever the plan asks for. */
    Scene attemptRemembered(int number) {
        attemptOfState = number;
        return this;
    }

    /** A ceiling has left this of the step. */
    Scene cutTo(int percent) {
        weight = percent;
        return this;
    }

    Scene losses(int times) {
        losses = times;
        return this;
    }

    Scene enteredWithReplicas(int count) {
        replicas = count;
        return this;
    }

    Scene blindFor(Duration time) {
        patience = new Patience(NOW.minus(time), Duration.ZERO, patience.unreadySince(), patience.unprogrammed());
        return this;
    }

    Scene wasBlindFor(Duration time) {
        patience = new Patience(null, time, patience.unreadySince(), patience.unprogrammed());
        return this;
    }

    Scene unreadyFor(Duration time) {
        patience = new Patience(patience.blindSince(), patience.blindFor(), NOW.minus(time), patience.unprogrammed());
        return this;
    }

    Scene wasUnprogrammed() {
        patience = patience.unprogrammed(true);
        return this;
    }

    Scene rememberedBad() {
        return remembered(new Evidence(3, 0, 0, NOW.minusSeconds(1), null, BAD, GOOD));
    }

    /** Safe by readings up to this long ago. */
    Scene rememberedSafe(Duration ago) {
        return remembered(new Evidence(0, 0, 3, NOW.minus(ago), null, GOOD, GOOD));
    }

    private Scene remembered(Evidence errors) {
        measurements = new Measurements(
                Map.of("errors", new Measured.OfQuery("identity", new GaugeEvidence(errors, SignEvidence.NONE))));
        return this;
    }

    Scene settledFor(Duration time) {
        settledSince = NOW.minus(time);
        return this;
    }

    /** v2 of the first attempt has failed. */
    Scene failedBefore() {
        tombstones.add(new Tombstone(revision("v2", 1), "v2", Reason.CHECK_FAILED, "errors", "it was bad", NOW));
        return this;
    }

    Scene moved(Action action, Reason reason, Duration ago) {
        history.add(new Move(NOW.minus(ago), action, reason.text(), "v1", "v2", 0, ""));
        return this;
    }

    /** Foreign changes, the last one this long ago, the others a minute apart before it. */
    Scene driftedBefore(int times, Duration ago) {
        for (var i = 0; i < times; i++) {
            moved(Action.LOWER, Reason.DRIFTED, ago.plusMinutes(i));
        }
        return this;
    }

    // The world

    Scene pods(String version, int ready, int asked) {
        var seen = workload(version);
        workloads.put(version, new Workload(seen.template(), asked, ready, true, seen.reachable()));
        return this;
    }

    Scene statusBehind(String version) {
        var seen = workload(version);
        workloads.put(version, new Workload(seen.template(), seen.replicas(), 0, false, seen.reachable()));
        return this;
    }

    Scene unreachable(String version) {
        var seen = workload(version);
        workloads.put(version, new Workload(seen.template(), seen.replicas(), seen.ready(), true, false));
        reachable.remove(version);
        return this;
    }

    Scene template(String version, String template) {
        var seen = workload(version);
        workloads.put(version, new Workload(template, seen.replicas(), seen.ready(), true, seen.reachable()));
        return this;
    }

    /** Its pods may serve all the same. */
    Scene noDeployment(String version) {
        workloads.remove(version);
        return trouble(Reason.DEPLOYMENT_MISSING);
    }

    private Workload workload(String version) {
        return Objects.requireNonNull(workloads.get(version));
    }

    /** The route's rules, each with weights of v1, v2, v3. */
    Scene routeShows(int[]... rules) {
        shares = List.of(rules);
        return this;
    }

    static int[] rule(int... weights) {
        return weights;
    }

    /** One rule that gives v2 this many percent. */
    Scene routeGives(int percent) {
        return routeShows(rule(100 - percent, percent, 0));
    }

    Scene noRoute() {
        routeTrouble = new Trouble(Reason.ROUTE_MISSING, "no route");
        return routeShows();
    }

    Scene routeTrouble(Reason reason) {
        routeTrouble = new Trouble(reason, reason.text());
        return this;
    }

    Scene trouble(Reason reason) {
        trouble = new Trouble(reason, reason.text());
        return this;
    }

    Scene unprogrammed() {
        unprogrammed = "Accepted is False";
        return this;
    }

    Scene interrupted() {
        interrupted = true;
        return this;
    }

    /** The status is of an older spec. */
    Scene respecified() {
        respecified = true;
        return this;
    }

    /** The newest answers about a version, oldest first: numbers, a {@link Blindness} or {@link #NOT_YET}. */
    Scene answers(String version, Object... newest) {
        answers.put(version, List.of(newest));
        return this;
    }

    /** No answer of the last 10 minutes. */
    Scene blind(Blindness why) {
        return answers("v1", filled(40, why)).answers("v2", filled(40, why));
    }

    Scene bad(String... versions) {
        Stream.of(versions).forEach(version -> answers(version, filled(40, BAD)));
        return this;
    }

    private static Object[] filled(int times, Object answer) {
        return IntStream.range(0, times).mapToObj(i -> answer).toArray();
    }

    // What follows

    Decision decide() {
        return decide(state());
    }

    Decision decide(RolloutState state) {
        return Rollouts.decide(plan(), state, world(), NOW);
    }

    RolloutPlan plan() {
        var versions = Stream.of("v1", "v2", "v3")
                .filter(name -> !name.equals(notListed))
                .map(Scene::version)
                .toList();
        var ladder = new Ladder(
                IntStream.of(steps).mapToObj(weight -> new Step(weight, HOLD)).toList());
        var worse = comparing ? new Range(Double.NEGATIVE_INFINITY, 0.1) : Range.ANY;
        var rule = new PlainCheck(new Limits(new Range(Double.NEGATIVE_INFINITY, 0.02), worse), 3);
        var gauge = new GaugeCheck(rule, new SignCheck(Better.LOWER, List.of()));
        var names = !checks ? List.<String>of() : blindCheck ? List.of("latency", "errors") : List.of("errors");
        return new RolloutPlan(
                generation,
                "serving",
                new RouteRef("gateway.networking.k8s.io", "HTTPRoute", "serving", "chat", null),
                versions,
                target,
                maxWeight,
                attempt,
                ladder,
                minReady,
                Duration.ofMinutes(5),
                Duration.ofMinutes(30),
                new Analysis(
                        "default",
                        INTERVAL,
                        Duration.ofMinutes(1),
                        names.stream().map(name -> check(name, gauge)).toList()),
                holdOnFailure,
                rollBackWhenBlind,
                Duration.ofMinutes(10),
                deadline,
                rollBackAtDeadline,
                paused);
    }

    private static NamedCheck check(String name, GaugeCheck rule) {
        return new QueryCheck(name, new QueryTemplate(name + "{v=\"$version\"}"), rule, "identity");
    }

    RolloutState state() {
        return kind == Kind.UNSEEN ? new Unseen() : haltedOrNot(known());
    }

    private RolloutState haltedOrNot(Known at) {
        return halted ? new Halted(at, cause, "halted before", 1, NOW.minus(Duration.ofMinutes(1)), settledSince) : at;
    }

    private Known known() {
        var ledger = new Ledger("v1", tombstones, history);
        var from = step > 0 ? since : null;
        var candidate = new Candidate("v2", revision("v2", attemptOfState), attemptOfState, since, from, losses);
        return switch (kind) {
            case LIVE, UNSEEN -> new Live(ledger);
            case WAITING -> new Waiting(ledger, candidate, since);
            case PROGRESSING ->
                new Progressing(
                        ledger,
                        candidate,
                        new Rung(step, weightOf(step), weight),
                        since,
                        replicas,
                        stableTemplate,
                        measurements,
                        patience);
            case ROLLED_BACK -> new RolledBack(ledger, candidate, tombstones.get(0));
        };
    }

    private static int weightOf(int step) {
        return new int[] {0, 1, 10, 50}[step];
    }

    private static Revision revision(String version, int attempt) {
        return Revision.of(version(version), "t" + version.substring(1), attempt);
    }

    private static ModelVersion version(String name) {
        return new ModelVersion(name, "chat-" + name, Backend.service("chat-" + name));
    }

    World world() {
        return new World(workloads, reachable, route(), answers(), Map.of(), trouble, true, interrupted, respecified);
    }

    private RouteView route() {
        var weights = shares == null ? List.of(rule(100 - weight, weight, 0)) : shares;
        var rules = IntStream.range(0, weights.size())
                .mapToObj(i -> new ManagedRule(i, null, refs(weights.get(i))))
                .toList();
        return new RouteView("uid", 7, rules, unprogrammed, unprogrammed == null ? since : null, routeTrouble);
    }

    private List<Ref> refs(int[] weights) {
        return IntStream.rangeClosed(1, weights.length)
                .filter(v -> !notListed.equals("v" + v))
                .mapToObj(v -> new Ref(v - 1, "v" + v, weights[v - 1], true, Map.of("name", "chat-v" + v)))
                .toList();
    }

    private Map<Question, List<Answer>> answers() {
        var plan = plan();
        var all = new HashMap<Question, List<Answer>>();
        for (var check : plan.analysis().checks()) {
            for (var version : plan.versions()) {
                var newest = check.name().equals("errors")
                        ? answers.getOrDefault(version.name(), List.of(filled(40, GOOD)))
                        : List.of(filled(40, Blindness.TIMEOUT));
                plan.questions(check, version.name(), route()).forEach(question -> all.put(question, answers(newest)));
            }
        }
        return all;
    }

    private static List<Answer> answers(List<Object> newest) {
        return IntStream.range(0, newest.size())
                .filter(i -> newest.get(i) != NOT_YET)
                .mapToObj(i -> answer(NOW.minus(INTERVAL.multipliedBy(newest.size() - i - 1L)), newest.get(i)))
                .toList();
    }

    private static Answer answer(Instant tick, Object answer) {
        return answer instanceof Blindness why
                ? new Answer.Missing(tick, why)
                : new Answer.Value(tick, ((Number) answer).doubleValue());
    }
}
