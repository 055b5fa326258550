package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.rollout.Ladder.Step;
import dev.modelrollout.rollout.RolloutPlan.Analysis;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A rollout from v1 to v2 whose only check counts. Ticks pass one by one; at each the counters of both versions grow, a
 * round is decided, and what it decides comes true. Unless told otherwise 15 s lie between two ticks, steps of 10 and
 * 50 % have no hold, there is no warm-up, and every version has one pod.
 */
final class Counted {

    static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final Map<Question, List<Answer>> answers = new HashMap<>();
    private final Map<Question, List<Answer>> histories = new HashMap<>();
    private final Map<String, double[]> counters = new HashMap<>(Map.of("v1", new double[2], "v2", new double[2]));
    private final List<CountLimit> limits;

    private UnaryOperator<RolloutState> restart = UnaryOperator.identity();
    private EventCounters source = new EventCounters.Events(
            new QueryTemplate("bad{v=\"$version\"}"), new QueryTemplate("total{v=\"$version\"}"));
    private Duration warmup = Duration.ZERO;
    private boolean perPod;
    private Instant taken = START;
    private boolean holdOnFailure;
    private RolloutState state;
    private Instant now = START;
    private @Nullable Decision decision;

    private Counted(List<CountLimit> limits) {
        this.limits = limits;
        this.state = new Waiting(new Ledger("v1", List.of(), List.of()), candidate(), START.minus(INTERVAL));
    }

    static Counted with(CountLimit... limits) {
        return new Counted(List.of(limits));
    }

    /** The candidate had requests, and then none. */
    static Counted trafficStops() {
        return with(new CountLimit.WorseThanStable(0.1))
                .tick(0, 0, 10, 1000)
                .ticks(2, 1, 100, 9, 900)
                .ticks(2, 0, 0, 10, 1000);
    }

    Counted warmup(Duration time) {
        warmup = time;
        return this;
    }

    /** The gateway takes the first weight so much later. */
    Counted takenAfter(Duration time) {
        taken = START.plus(time);
        return this;
    }

    Counted perPod() {
        perPod = true;
        return this;
    }

    Counted holdOnFailure() {
        holdOnFailure = true;
        return this;
    }

    Counted source(EventCounters counters) {
        source = counters;
        return this;
    }

    /** What becomes of the state between two rounds. */
    Counted restarting(UnaryOperator<RolloutState> through) {
        restart = through;
        return this;
    }

    /** An hour of stable's windows of this size, on two pods, with chance noise only. */
    Counted history(double bad, double total) {
        for (var i = 240; i >= 0; i--) {
            var tick = START.minus(INTERVAL.multipliedBy(i));
            var n = 240 - i;
            history(
                    0,
                    new Answer.Counters(
                            tick, Map.of(pod("v1", "a"), bad * n + n % 2, pod("v1", "b"), bad * n + (n + 1) % 2)));
            history(1, new Answer.Counters(tick, Map.of(pod("v1", "a"), total * n, pod("v1", "b"), total * n)));
        }
        return this;
    }

    private void history(int query, Answer answer) {
        histories
                .computeIfAbsent(plan().questions(check(), "v1").get(query), any -> new ArrayList<>())
                .add(answer);
    }

    /** One tick, in which these many requests came and failed. */
    Counted tick(double candidateBad, double candidateTotal, double stableBad, double stableTotal) {
        return missedTick("nobody", candidateBad, candidateTotal, stableBad, stableTotal);
    }

    /** The same, when the scrapes of one version fail. */
    Counted missedTick(
            String missed, double candidateBad, double candidateTotal, double stableBad, double stableTotal) {
        grow("v2", candidateBad, candidateTotal);
        grow("v1", stableBad, stableTotal);
        for (var version : List.of("v1", "v2")) {
            var seen = counters.getOrDefault(version, new double[2]);
            for (var query = 0; query < 2; query++) {
                answer(
                        version,
                        query,
                        version.equals(missed)
                                ? new Answer.Missing(now, Blindness.NO_DATA)
                                : new Answer.Counters(now, Map.of(pod(version, "a"), seen[query])));
            }
        }
        return decide();
    }

    Counted ticks(int times, double candidateBad, double candidateTotal, double stableBad, double stableTotal) {
        for (var i = 0; i < times; i++) {
            tick(candidateBad, candidateTotal, stableBad, stableTotal);
        }
        return this;
    }

    /** One tick at which nobody answers. */
    Counted blindTick(Blindness why) {
        for (var version : List.of("v1", "v2")) {
            for (var query = 0; query < source.queries().size(); query++) {
                answer(version, query, new Answer.Missing(now, why));
            }
        }
        return decide();
    }

    /** One tick with these answers to the queries of one version, the other as before. */
    Counted tick(Map<String, List<Map<Series, Double>>> said) {
        said.forEach((version, its) -> {
            for (var query = 0; query < its.size(); query++) {
                answer(
                        version,
                        query,
                        its.get(query).isEmpty()
                                ? new Answer.Missing(now, Blindness.NO_DATA)
                                : new Answer.Counters(now, its.get(query)));
            }
        });
        return decide();
    }

    /** The counters of a version start from 0 again. */
    Counted restarted(String version) {
        counters.put(version, new double[2]);
        return this;
    }

    private void grow(String version, double bad, double total) {
        var seen = counters.computeIfAbsent(version, any -> new double[2]);
        seen[0] += bad;
        seen[1] += total;
    }

    private void answer(String version, int query, Answer answer) {
        answers.computeIfAbsent(plan().questions(check(), version).get(query), any -> new ArrayList<>())
                .add(answer);
    }

    private Counted decide() {
        var next = Rollouts.decide(plan(), state, world(), now);
        decision = next.answeredAt(now);
        state = restart.apply(decision.next());
        now = now.plus(INTERVAL);
        return this;
    }

    static Series pod(String version, String name) {
        return new Series("serving", "chat-" + version + "-" + name, name, "");
    }

    RolloutState state() {
        return state;
    }

    Reason reason() {
        return decision().reason();
    }

    String message() {
        return decision().message();
    }

    Decision decision() {
        return Optional.ofNullable(decision).orElseThrow();
    }

    /** The candidate's weight in percent. */
    int weight() {
        return state instanceof Known known ? known.split().weightOf("v2") : 0;
    }

    /** What the check says now. */
    String verdict() {
        return state instanceof Progressing climbing
                ? climbing.measurements()
                        .findings(plan())
                        .all()
                        .get(0)
                        .verdict()
                        .text()
                : "";
    }

    private static Candidate candidate() {
        return new Candidate("v2", Revision.of(version("v2"), "t2", 1), 1, START, null, 0);
    }

    private static ModelVersion version(String name) {
        return new ModelVersion(name, "chat-" + name, Backend.service("chat-" + name));
    }

    private NamedCheck check() {
        var rule = new SequentialCheck(limits, source.queries().size() == 3);
        return new CountsCheck("errors", source, rule, "identity", perPod, "an engine");
    }

    RolloutPlan plan() {
        return new RolloutPlan(
                1,
                "serving",
                new RouteRef("gateway.networking.k8s.io", "HTTPRoute", "serving", "chat", null),
                List.of(version("v1"), version("v2")),
                "v2",
                100,
                1,
                new Ladder(List.of(new Step(10, Duration.ZERO), new Step(50, Duration.ZERO))),
                100,
                Duration.ofMinutes(5),
                Duration.ofMinutes(30),
                new Analysis("default", INTERVAL, warmup, List.of(check())),
                holdOnFailure,
                false,
                Duration.ofMinutes(10),
                null,
                false,
                false);
    }

    private World world() {
        var well = new Workload("t1", 1, 1, true, true);
        var weight = weight();
        var refs = List.of(
                new Ref(0, "v1", 100 - weight, true, Map.of("name", "chat-v1")),
                new Ref(1, "v2", weight, true, Map.of("name", "chat-v2")));
        var since = state instanceof Progressing climbing && climbing.since().isAfter(taken) ? climbing.since() : taken;
        var isTaken = weight == 0 || !now.isBefore(taken);
        return new World(
                Map.of("v1", well, "v2", new Workload("t2", 1, 1, true, true)),
                Set.of("v1", "v2"),
                new RouteView(
                        "uid",
                        7,
                        List.of(new ManagedRule(0, null, refs)),
                        isTaken ? null : "not yet",
                        isTaken ? since : null,
                        null),
                answers,
                histories,
                null,
                true,
                false);
    }
}
