package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Halves;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.analysis.Wanted.Asked;
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
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A rollout from v1 to v2 whose checks count, all of them the same. Ticks pass one by one; at each the counters of both
 * versions grow, a round is decided, and what it decides comes true: its state is kept, its write is the route's. What a
 * round may see of the past is what readings keep: the answers of two minutes, and what the round before wanted. Unless
 * told otherwise, before the first tick, there is one check, 15 s lie between two ticks, steps of 10 and 50 % have no
 * hold, there is no warm-up, and every version has one pod.
 */
public final class Counted {

    static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final Duration KEPT = Duration.ofMinutes(2);
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private final Map<Question, List<Answer>> answers = new HashMap<>();
    private final Map<Question, List<Answer>> lost = new HashMap<>();
    private final Map<Question, List<Answer>> histories = new HashMap<>();
    private final Map<String, double[]> counters = new HashMap<>(Map.of("v1", new double[2], "v2", new double[2]));
    private final Map<String, List<List<Question>>> questions = new HashMap<>();
    private final List<CountLimit> limits;
    private List<CountLimit> limitsOfOthers;

    private UnaryOperator<RolloutState> restart = UnaryOperator.identity();
    private EventCounters source = events("");
    private List<String> places = List.of("v1", "v2");
    private boolean hasRoute = true;
    private int checks = 1;
    private Climb climb = new Ladder(List.of(new Step(10, Duration.ZERO), new Step(50, Duration.ZERO)));
    private int maxWeight = 100;
    private Duration warmup = Duration.ZERO;
    private boolean perPod;
    private Map<String, Integer> pods = Map.of("v1", 1, "v2", 1);
    private int unreadyStables;
    private Instant taken = START;
    private boolean holdOnFailure;
    private String identity = "identity";
    private RolloutState state;
    private int weight;
    private Instant now = START;
    private @Nullable RolloutPlan plan;
    private @Nullable Decision decision;

    private Counted(List<CountLimit> limits) {
        this.limits = limits;
        this.limitsOfOthers = limits;
        this.state = new Waiting(new Ledger("v1", List.of(), List.of()), candidate(), START.minus(INTERVAL));
    }

    /** One whose check has these limits. */
    public static Counted with(CountLimit... limits) {
        return new Counted(List.of(limits));
    }

    /** The candidate had requests, and then none. */
    static Counted trafficStops() {
        return with(new CountLimit.WorseThanStable(0.1))
                .tick(0, 0, 10, 1000)
                .ticks(2, 1, 100, 9, 900)
                .ticks(2, 0, 0, 10, 1000);
    }

    /** The rollout became due so long after the first tick. */
    Counted dueAfter(Duration time) {
        state = new Waiting(new Ledger("v1", List.of(), List.of()), candidate(), START.plus(time));
        return this;
    }

    /** So many checks, each with queries of its own. */
    public Counted checks(int number) {
        checks = number;
        return this;
    }

    /** The limits of all checks but the first. */
    Counted others(CountLimit... theirs) {
        limitsOfOthers = List.of(theirs);
        return this;
    }

    /** The time after each rise that proves no safety. */
    public Counted warmup(Duration time) {
        warmup = time;
        return this;
    }

    /** The way of the weight. */
    public Counted climb(Climb way) {
        climb = way;
        plan = null;
        return this;
    }

    /** All evidence is lost now. */
    Counted forgetting() {
        var was = (Progressing) state;
        state = new Progressing(
                was.ledger(),
                was.candidate(),
                was.rung(),
                was.since(),
                was.replicas(),
                was.stableTemplate(),
                Measurements.NONE,
                was.patience());
        return this;
    }

    /** The process dies, and another one has none of its answers. */
    Counted processRestarts() {
        lost.putAll(answers);
        answers.clear();
        return this;
    }

    /** What is asked for once more is answered as before. */
    Counted answeredOnceMore() {
        wanted().once()
                .forEach(asked -> answers.computeIfAbsent(asked.question(), any -> new ArrayList<>())
                        .addAll(
                                0,
                                lost.getOrDefault(asked.question(), List.of()).stream()
                                        .filter(answer -> answer.tick().equals(asked.tick()))
                                        .toList()));
        return this;
    }

    /** Somebody takes its traffic away, again and again; that is left alone. */
    Counted takenAway() {
        weight = 0;
        state = new Halted((Known) state, Reason.CONTESTED, "somebody else writes", 1, now, null);
        return this;
    }

    Counted maxWeight(int percent) {
        maxWeight = percent;
        plan = null;
        return this;
    }

    /** Ticks at which both versions fail these shares of 1000 requests in all, split by the weight. */
    Counted shared(int times, double candidateShare, double stableShare) {
        for (var i = 0; i < times; i++) {
            var toCandidate = 10.0 * weight();
            var toStable = 1000 - toCandidate;
            tick(candidateShare * toCandidate, toCandidate, stableShare * toStable, toStable);
        }
        return this;
    }

    /** The weights of the candidate below 100, and how long each is held at least. */
    public Counted steps(List<Step> steps) {
        return climb(new Ladder(steps));
    }

    /** The gateway takes the first weight so much later. */
    Counted takenAfter(Duration time) {
        taken = START.plus(time);
        return this;
    }

    /** So many are ready of each version, and one of them counts. */
    Counted pods(int number) {
        return pods(number, number);
    }

    /** So many are ready of the candidate and of stable. */
    Counted pods(int candidates, int stables) {
        pods = Map.of("v1", stables, "v2", candidates);
        return this;
    }

    /** So many more pods of stable are asked for than are ready. */
    Counted unreadyStables(int number) {
        unreadyStables = number;
        return this;
    }

    Counted perPod() {
        perPod = true;
        return this;
    }

    /** Somebody makes another check of it, under the same name. */
    Counted checkChanged() {
        identity = "another identity";
        plan = null;
        questions.clear();
        return this;
    }

    Counted holdOnFailure() {
        holdOnFailure = true;
        return this;
    }

    /** The gateway counts, by the place of a version in the route. */
    Counted countedByPlace() {
        return source(new EventCounters.Events(
                new QueryTemplate("bad{c=~\"$clusters\"}"), new QueryTemplate("total{c=~\"$clusters\"}")));
    }

    /** The two versions change places, where counters go on from what they are. */
    Counted reordered() {
        places = List.of(places.get(1), places.get(0));
        var first = counters.get("v1");
        counters.put("v1", counters.get("v2"));
        counters.put("v2", first);
        questions.clear();
        return this;
    }

    /** Another backend takes stable's place, which goes to the end, where counters go on from others. */
    Counted stableMoved() {
        places = List.of("v3", "v2", "v1");
        counters.put("v1", new double[] {500, 5000});
        questions.clear();
        return this;
    }

    /** Nobody can read the route, or all can again. */
    Counted routeIsThere(boolean isIt) {
        hasRoute = isIt;
        questions.clear();
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
        return history(IntStream.range(0, 240)
                .mapToObj(i -> new Halves(new Counts(bad + i % 2, total), new Counts(bad + 1 - i % 2, total)))
                .toList());
    }

    /** What stable's two pods did in each window before the first tick. */
    public Counted history(List<Halves> past) {
        var bad = new double[2];
        var total = new double[2];
        history(START.minus(INTERVAL.multipliedBy(past.size())), bad, total);
        for (var i = 0; i < past.size(); i++) {
            bad[0] += past.get(i).one().bad();
            bad[1] += past.get(i).other().bad();
            total[0] += past.get(i).one().total();
            total[1] += past.get(i).other().total();
            history(START.minus(INTERVAL.multipliedBy(past.size() - i - 1L)), bad, total);
        }
        return this;
    }

    private void history(Instant tick, double[] bad, double[] total) {
        var last = source.queries().size() - 1;
        for (var query = 0; query <= last; query++) {
            var seen = query < last ? bad : total;
            history(query, new Answer.Counters(tick, Map.of(pod("v1", "a"), seen[0], pod("v1", "b"), seen[1])));
        }
    }

    private void history(int query, Answer answer) {
        questions("v1", query)
                .forEach(question -> histories
                        .computeIfAbsent(question, any -> new ArrayList<>())
                        .add(answer));
    }

    /** One tick, in which these many requests came and failed. */
    public Counted tick(double candidateBad, double candidateTotal, double stableBad, double stableTotal) {
        return missedTick("nobody", candidateBad, candidateTotal, stableBad, stableTotal);
    }

    /** What decides on one more tick, as often as it is asked; none passes by that. */
    public Supplier<Decision> nextRound(
            double candidateBad, double candidateTotal, double stableBad, double stableTotal) {
        grow("v2", candidateBad, candidateTotal);
        grow("v1", stableBad, stableTotal);
        answerAll("nobody");
        var its = plan();
        var before = state;
        var seen = world();
        var at = now;
        return () -> Rollouts.decide(its, before, seen, at);
    }

    /** The same, when the scrapes of one version fail. */
    Counted missedTick(
            String missed, double candidateBad, double candidateTotal, double stableBad, double stableTotal) {
        grow("v2", candidateBad, candidateTotal);
        grow("v1", stableBad, stableTotal);
        answerAll(missed);
        return decide();
    }

    private void answerAll(String missed) {
        for (var version : List.of("v1", "v2")) {
            if (version.equals(missed)) {
                blind(version, Blindness.NO_DATA);
            } else {
                answer(version);
            }
        }
    }

    private void answer(String version) {
        var seen = counters.getOrDefault(version, new double[2]);
        var series = counting(version);
        for (var query = 0; query < 2; query++) {
            answer(version, query, new Answer.Counters(now, Map.of(series, seen[query])));
        }
    }

    private void blind(String version, Blindness why) {
        for (var query = 0; query < source.queries().size(); query++) {
            answer(version, query, new Answer.Missing(now, why));
        }
    }

    private Series counting(String version) {
        return source.queries().stream().anyMatch(QueryTemplate::needsRoute) ? pod("gateway", "a") : pod(version, "a");
    }

    /** So many ticks, each like {@link #tick}. */
    public Counted ticks(int times, double candidateBad, double candidateTotal, double stableBad, double stableTotal) {
        for (var i = 0; i < times; i++) {
            tick(candidateBad, candidateTotal, stableBad, stableTotal);
        }
        return this;
    }

    /** One tick at which nobody answers. */
    Counted blindTick(Blindness why) {
        blind("v1", why);
        blind("v2", why);
        return decide();
    }

    /** One tick at which one query about one version alone is asked, in vain. */
    Counted blindTickOf(String version, Blindness why) {
        answer(version, 0, new Answer.Missing(now, why));
        return decide();
    }

    /** One tick at which these many requests came and failed, and one version alone is asked about. */
    Counted tickOf(String asked, double candidateBad, double candidateTotal, double stableBad, double stableTotal) {
        grow("v2", candidateBad, candidateTotal);
        grow("v1", stableBad, stableTotal);
        answer(asked);
        return decide();
    }

    /** A tick at which these many requests came and failed; what is asked about one version is not answered yet. */
    Counted begunTick(String late, double candidateBad, double candidateTotal, double stableBad, double stableTotal) {
        grow("v2", candidateBad, candidateTotal);
        grow("v1", stableBad, stableTotal);
        answer(late.equals("v1") ? "v2" : "v1");
        decide(now);
        return this;
    }

    /** The answers that this tick lacks come so much later. */
    Counted completed(String late, Duration later) {
        answer(late);
        decide(now.plus(later));
        now = now.plus(INTERVAL);
        return this;
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

    /** One more round, so long after the newest tick. */
    Counted wokenAfter(Duration time) {
        decide(now.minus(INTERVAL).plus(time));
        return this;
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
        questions(version, query)
                .forEach(question -> answers.computeIfAbsent(question, any -> new ArrayList<>())
                        .add(answer));
    }

    private Counted decide() {
        decide(now);
        now = now.plus(INTERVAL);
        return this;
    }

    private void decide(Instant at) {
        var oldest = at.minus(KEPT);
        answers.forEach((question, its) -> its.removeIf(answer ->
                answer.tick().isBefore(oldest) && !wanted().once().contains(new Asked(question, answer.tick()))));
        var next = Rollouts.decide(plan(), state, world(), at);
        next.change().ifPresent(write -> weight = write.split().weightOf("v2"));
        decision = next.answeredAt(at);
        state = restart.apply(decision.next());
    }

    /** What each check asks by its query of this number. */
    private List<Question> questions(String version, int query) {
        return questions.computeIfAbsent(version, this::questions).get(query);
    }

    /** Those of all checks, query by query. */
    private List<List<Question>> questions(String version) {
        var byCheck = plan().analysis().checks().stream()
                .map(check -> plan().questions(check, version, route()))
                .filter(its -> !its.isEmpty())
                .toList();
        return IntStream.range(0, source.queries().size())
                .mapToObj(query -> byCheck.stream().map(its -> its.get(query)).toList())
                .toList();
    }

    private Wanted wanted() {
        return decision == null ? Wanted.NOTHING : decision.wanted();
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

    /** What the route gives the candidate, in percent. */
    public int weight() {
        return weight;
    }

    /** The weights that it goes through in so many ticks, from the first above 0 on; each tick as {@link #shared}. */
    List<Integer> weights(int times, double candidateShare, double stableShare) {
        var weights = new ArrayList<Integer>();
        for (var i = 0; i < times; i++) {
            shared(1, candidateShare, stableShare);
            var served = state instanceof Live ? 100 : weight;
            if (weights.isEmpty() ? served > 0 : served != weights.get(weights.size() - 1)) {
                weights.add(served);
            }
        }
        return weights;
    }

    /** What the check says now; empty when there is no candidate under traffic. */
    public String verdict() {
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

    private NamedCheck check(int number) {
        var suffix = number == 0 ? "" : "" + number;
        var counters = number == 0 ? source : events(suffix);
        var rule = new SequentialCheck(
                number == 0 ? limits : limitsOfOthers, counters.queries().size() == 3);
        return new CountsCheck("errors" + suffix, counters, rule, identity, perPod, "an engine");
    }

    private static EventCounters events(String suffix) {
        return new EventCounters.Events(
                new QueryTemplate("bad" + suffix + "{v=\"$version\"}"),
                new QueryTemplate("total" + suffix + "{v=\"$version\"}"));
    }

    RolloutPlan plan() {
        var known = Optional.ofNullable(plan).orElseGet(this::newPlan);
        plan = known;
        return known;
    }

    private RolloutPlan newPlan() {
        return new RolloutPlan(
                1,
                "serving",
                new RouteRef("gateway.networking.k8s.io", "HTTPRoute", "serving", "chat", null),
                List.of(version("v1"), version("v2")),
                "v2",
                maxWeight,
                1,
                climb,
                100,
                Duration.ofMinutes(5),
                Duration.ofMinutes(30),
                new Analysis(
                        "default",
                        INTERVAL,
                        warmup,
                        IntStream.range(0, checks).mapToObj(this::check).toList()),
                holdOnFailure,
                false,
                Duration.ofMinutes(10),
                null,
                false,
                false);
    }

    private RouteView route() {
        if (!hasRoute) {
            return RouteView.unseen(new Trouble(Reason.ROUTE_MISSING, "there is no route"));
        }
        var refs = IntStream.range(0, places.size())
                .mapToObj(place -> ref(place, places.get(place)))
                .toList();
        var since = state instanceof Progressing climbing && climbing.since().isAfter(taken) ? climbing.since() : taken;
        var isTaken = weight == 0 || !now.isBefore(taken);
        return new RouteView(
                "uid",
                7,
                List.of(new ManagedRule(0, null, refs)),
                isTaken ? null : "not yet",
                isTaken ? since : null,
                null);
    }

    private Ref ref(int place, String version) {
        var share = version.equals("v2") ? weight : 100 - weight;
        return new Ref(place, version, share, true, Map.of("name", "chat-" + version));
    }

    World world() {
        return new World(
                Map.of("v1", workload("v1", "t1"), "v2", workload("v2", "t2")),
                Set.of("v1", "v2"),
                route(),
                answers,
                wanted().history().isEmpty() ? Map.of() : histories,
                null,
                true,
                false,
                false);
    }

    private Workload workload(String version, String template) {
        var ready = pods.getOrDefault(version, 0);
        return new Workload(template, version.equals("v1") ? ready + unreadyStables : ready, ready, true, true);
    }
}
