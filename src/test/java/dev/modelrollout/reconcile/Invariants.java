package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.SequentialEvidence;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckStatus;
import dev.modelrollout.reconcile.Stage.Route;
import dev.modelrollout.rollout.Climb;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Decision.Write;
import dev.modelrollout.rollout.Ladder;
import dev.modelrollout.rollout.Progressing;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RolloutState;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What holds in every history, told from the stage alone and not by the means of the core. */
final class Invariants {

    private static final Duration CONTEST = Duration.ofMinutes(10);
    private static final Duration FRESH = Duration.ofMinutes(1);
    private static final int TRAIL = 25;

    /** The part of the ready pods that has to be scraped. */
    private static final double COVERED = 0.8;

    /** By how much evidence is behind, at most. */
    private static final long UNSETTLED =
            Question.Form.COUNTERS.settles().plus(Stage.INTERVAL).toSeconds();

    /** Said of a history in which it happened. */
    static final String ROLLED_BACK_BY_CHANCE = "rolled back by chance";

    /** What this history has reached: reasons, and transitions as {@code Waiting>Progressing}. */
    final Set<String> reached = new TreeSet<>();

    private final Stage stage;
    private final Deque<Line> trail = new ArrayDeque<>();
    private final Set<String> barred = new HashSet<>();
    private final List<Instant> putBacks = new ArrayList<>();

    private Instant movedAt = Instant.MIN;
    private Instant movedBefore = Instant.MIN;
    private Instant forgottenAt = Instant.MIN;
    private Instant resetAt = Instant.MIN;
    private int writes;
    private int writesBefore;
    private int spins;

    /** Of this round, as it began. */
    private @Nullable RolloutPlan plan;

    private @Nullable Decision decision;
    private @Nullable ModelRolloutStatus status;
    private long generation;
    private boolean served;
    private List<Map<String, Answer>> answers = List.of();

    /** What both versions had had when the evidence began. */
    private double requestsBefore;

    private double counted;
    private Map<String, Integer> readyThen = Map.of();

    Invariants(Stage stage) {
        this.stage = stage;
    }

    void tell(Object line) {
        var newest = trail.peekLast();
        if (newest == null || !newest.what().equals(line)) {
            trail.addLast(new Line(stage.now, line));
        }
        if (trail.size() > TRAIL) {
            trail.removeFirst();
        }
    }

    String trail() {
        return trail.stream().map(Line::toString).collect(Collectors.joining("\n"));
    }

    private record Line(Instant at, Object what) {

        @Override
        public String toString() {
            return at.toString().substring(11, 19) + " " + what;
        }
    }

    /** A round, for people. */
    private record Told(
            String phase,
            Reason reason,
            String next,
            Optional<Write> write,
            @Nullable Route on) {

        @Override
        public String toString() {
            return phase + " -> " + next + " " + reason
                    + write.map(it -> " " + it).orElse("") + (on == null ? ", no route" : " on " + on.rules());
        }
    }

    int writes() {
        return writes;
    }

    /** What was measured and not stored is lost. */
    void forgotten() {
        forgottenAt = stage.now;
        resetAt = stage.now;
    }

    /** The tombstones are lost with it. */
    void statusLost() {
        barred.clear();
        putBacks.clear();
        forgotten();
    }

    void broke(@Nullable String what) {
        tell(String.valueOf(what));
    }

    void roundBegins(RolloutPlan seen, Decision decided) {
        plan = seen;
        decision = decided;
        status = stage.status();
        generation = stage.spec.generation;
        served = stage.isServed();
        var before = answers;
        answers = stage.delivered.stream()
                .filter(all -> !tick(all).isAfter(stage.newestAnswered()))
                .toList();
        if (!answers.isEmpty() && (before.isEmpty() || !answers.get(0).equals(before.get(0)))) {
            readyThen = Stage.VERSIONS.stream().collect(Collectors.toMap(name -> name, name -> stage.pods(name).ready));
        }
        if (!phase(status).equals("Progressing") || stage.rival) {
            resetAt = stage.now;
        }
        reached.add(decided.reason().text());
        var next = decided.next().getClass().getSimpleName();
        tell(new Told(phase(status), decided.reason(), next, decided.change(), stage.route));
        require(!decided.message().isBlank(), "I20: a message");
    }

    // The route

    void routeWritten(Route before, Write write) {
        writes++;
        var after = Objects.requireNonNull(stage.route);
        require(!stage.rival, "I12: an older rollout has the rule");
        for (var version : listed()) {
            var raised = rules(before, after)
                    .anyMatch(rule -> share(rule.getValue(), version) > share(rule.getKey(), version));
            require(!raised || stage.pods(version).canServe(), "I7: traffic for " + version + ", which cannot serve");
        }
        if (write.up()) {
            rose(before, write);
            movedBefore = movedAt;
            movedAt = stage.now;
        } else {
            fell(before, after, write);
            movedAt = round().move() == null ? movedBefore : movedAt;
        }
    }

    private static Stream<Map.Entry<Map<String, Integer>, Map<String, Integer>>> rules(Route before, Route after) {
        return IntStream.range(0, before.rules().size())
                .mapToObj(i -> Map.entry(before.rules().get(i), after.rules().get(i)));
    }

    private static int weight(Map<String, Integer> rule, String version) {
        return Objects.requireNonNull(rule.get(version));
    }

    /** Percent of what the listed versions get. */
    private double share(Map<String, Integer> rule, String version) {
        var total = listed().stream().mapToInt(name -> weight(rule, name)).sum();
        return weight(rule, version) * 100.0 / Math.max(1, total);
    }

    private List<String> listed() {
        return Stage.VERSIONS.stream().filter(plan()::lists).toList();
    }

    private void rose(Route before, Write write) {
        var spec = plan();
        var target = spec.target();
        var from = before.weightOf(target);
        var to = write.split().weightOf(target);
        require(spec.generation() == generation, "I18: rests on an older spec");
        require(!spec.paused(), "paused");
        require(!phase(status).equals("Halted"), "a halted one rises");
        require(!barred.contains(stage.revision(target).id()), "I5: barred");
        require(served && !stage.misshapen, "the present weights are not served");
        var pods = stage.pods(target);
        require(pods.observed && pods.ready >= pods.replicas, "not ready");
        require(before.rules().stream().allMatch(rule -> weight(rule, target) == from), "rules differ");
        require(from == told(status, target), "I3: a second rise before the status of the first");
        require(isRung(spec, from, to), "I3: from " + from + " to " + to);
        if (from > 0) {
            require(!stage.now.isBefore(plus(movedAt, hold(spec.climb(), from))), "I16: not held");
        }
        if (!spec.analysis().checks().isEmpty()) {
            var live = Objects.requireNonNull(status).live();
            if (stage.spec.counting) {
                seen(target, live, from);
            } else {
                measured(target, live, from);
            }
        }
    }

    private static Instant plus(Instant at, Duration time) {
        return at.equals(Instant.MIN) ? at : at.plus(time);
    }

    private static Duration hold(Climb climb, int from) {
        if (climb.equals(Stage.RISK)) {
            return from < 60 ? Stage.WARMUP : Stage.HOLD;
        }
        var last = climb instanceof Ladder ladder
                ? ladder.steps().get(ladder.steps().size() - 1).weight()
                : 100;
        return from <= last ? Stage.HOLD : Duration.ZERO;
    }

    private static boolean isRung(RolloutPlan spec, int from, int to) {
        var most = spec.maxWeight();
        if (spec.climb().equals(Stage.ADAPTIVE)) {
            return to == Math.min(from + Stage.ADAPTIVE.step(), most);
        }
        var isRisk = spec.climb().equals(Stage.RISK);
        if (isRisk && from > 0 && to <= Math.min(Math.min(3 * from, 33), most)) {
            return true;
        }
        var steps = spec.climb() instanceof Ladder ladder
                ? ladder.steps().stream().map(Ladder.Step::weight)
                : Stream.of(from == 0 ? 1 : 60, 60, 90);
        return to == Math.min(steps.filter(weight -> weight > from).findFirst().orElse(100), most);
    }

    /** Both can be counted. A candidate that has no series, once, has no requests. */
    private void seen(String target, @Nullable String live, int from) {
        require(!answers.isEmpty() && live != null, "not counted");
        var newest = answers.get(0);
        var isSilent = why(newest, target).filter(Blindness.NO_DATA::equals).isPresent();
        require(isSilent || isCovered(newest, target), "blind");
        require(isCovered(newest, Objects.requireNonNull(live)), "blind for stable");
        require(from == 0 || !tick(newest).isBefore(stage.now.minus(FRESH)), "rests on old counters");
    }

    /** By the pods of now, or by those of the round that saw these counters first. */
    private boolean isCovered(Map<String, Answer> counters, String version) {
        var ready = Math.min(stage.pods(version).ready, Objects.requireNonNull(readyThen.get(version)));
        return Objects.requireNonNull(counters.get(version))
                .fold(value -> false, its -> its.values().size() >= COVERED * ready, why -> false);
    }

    private void measured(String target, @Nullable String live, int from) {
        require(!answers.isEmpty() && live != null, "not measured");
        var newest = answers.get(0);
        var why = why(newest, target);
        require(why.isEmpty() || (from == 0 && why.get() == Blindness.NO_DATA), "blind");
        require(
                !stage.spec.comparing
                        || why(newest, Objects.requireNonNull(live)).isEmpty(),
                "blind for stable");
        if (from > 0) {
            require(!tick(newest).isBefore(stage.now.minus(FRESH)), "rests on old readings");
            var since = later(plus(movedAt, Stage.WARMUP), forgottenAt);
            var last = answers.stream()
                    .filter(all -> why(all, target).isEmpty())
                    .filter(all -> !tick(all).isBefore(since))
                    .limit(Stage.FAILURES)
                    .toList();
            require(last.stream().noneMatch(all -> isBad(all, target)), "bad, and raised");
            require(
                    last.size() == Stage.FAILURES || forgottenAt.isAfter(movedAt),
                    "raised on " + last.size() + " readings");
        }
    }

    private static Instant tick(Map<String, Answer> all) {
        return Objects.requireNonNull(all.get("v1")).tick();
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Optional<Blindness> why(Map<String, Answer> all, String version) {
        return Objects.requireNonNull(all.get(version))
                .fold(value -> Optional.empty(), counters -> Optional.empty(), Optional::of);
    }

    private static boolean isBad(Map<String, Answer> all, String version) {
        return Objects.requireNonNull(all.get(version))
                .fold(value -> value > Stage.LIMIT, counters -> false, why -> false);
    }

    private void fell(Route before, Route after, Write write) {
        var split = write.split();
        require(
                split.stable().equals(split.candidate())
                        || rules(before, after)
                                .allMatch(rule -> share(rule.getValue(), split.candidate())
                                        <= share(rule.getKey(), split.candidate())),
                "a decrease that raises " + split.candidate());
    }

    /** Those that the status tells of. */
    private void countPutBacks() {
        if (round().reason() == Reason.DRIFTED) {
            putBacks.removeIf(at -> !at.isAfter(stage.now.minus(CONTEST)));
            putBacks.add(stage.now);
            require(putBacks.size() <= 3, "put back " + putBacks.size() + " times in 10 minutes");
        }
    }

    // The status

    void statusWritten(@Nullable ModelRolloutStatus old) {
        writes++;
        var next = Objects.requireNonNull(stage.status());
        reached.add(phase(old) + ">" + phase(next));
        if (next.halt() == null && old != null && old.halt() != null) {
            putBacks.clear();
        }
        var goesOn = comparison(next).equals(comparison(old));
        if (!goesOn) {
            forgotten();
        }
        if (stage.spec.counting) {
            counted(next, goesOn);
        }
        require(isTrue(next, "Stalled") + isTrue(next, "Reconciling") + isTrue(next, "Ready") == 1, "I9: kstatus");
        require(
                old == null
                        || old.observedGeneration() == null
                        || Objects.requireNonNull(next.observedGeneration()) >= old.observedGeneration(),
                "I9: generation");
        require(old == null || grows(history(old), history(next)), "I9: history");
        var again = StatusReader.stateOf(next)
                .fold(new StatusWriter(plan(), outlook(next), stage.now, Objects.requireNonNull(next.conditions())));
        require(again.equals(next), () -> "what is read is not what was written:\n" + next + "\n" + again);
        if (Stage.VERSIONS.stream().anyMatch(version -> told(next, version) != told(old, version))) {
            require(isShown(next), () -> "I8: the status runs ahead: " + next.weights() + " of " + stage.route);
        }
        StatusReader.orEmpty(next.failedRevisions()).forEach(failed -> barred.add(failed.revision()));
        if (phase(next).equals("RolledBack") && phase(old).equals("Progressing")) {
            blamed(round());
        }
        var route = stage.route;
        require(
                !phase(next).equals("RolledBack")
                        || !phase(old).equals("Progressing")
                        || route == null
                        || route.weightOf(Objects.requireNonNull(next.rollout()).candidate()) == 0,
                "I8: rolled back with traffic");
    }

    private static @Nullable String outlook(ModelRolloutStatus status) {
        return status.rollout() == null ? null : status.rollout().estimate();
    }

    /** Evidence comes back from the status as it was; it only grows, and each request is in it once at most. */
    private void counted(ModelRolloutStatus next, boolean goesOn) {
        var stored = evidence(StatusReader.stateOf(Stage.read(next)));
        var seen = stored.stream().mapToDouble(Invariants::requests).sum();
        var had = Stage.VERSIONS.stream().mapToDouble(stage::requests).sum();
        counted = goesOn ? counted : 0;
        requestsBefore = goesOn ? requestsBefore : had - seen;
        if (round().next() instanceof Progressing climbing) {
            require(stored.equals(evidence(climbing)), "the evidence is not stored as it is");
            require(seen >= counted, "evidence is lost");
            var most = had - requestsBefore + Stage.REQUESTS_PER_SECOND * UNSETTLED;
            require(seen <= most, () -> "counted twice: " + seen);
            counted = seen;
        }
    }

    /** Of the checks that the plan has. */
    private List<SequentialEvidence> evidence(RolloutState state) {
        return state instanceof Progressing climbing
                ? climbing.measurements().findings(plan()).all().stream()
                        .flatMap(its -> its.measured().fold(query -> Stream.<SequentialEvidence>of(), Stream::of))
                        .toList()
                : List.of();
    }

    private static double requests(SequentialEvidence of) {
        var seen = of.experience();
        return seen.candidate().seen().total() + seen.stable().seen().total();
    }

    /** Who was never worse than good was rolled back by chance. */
    private void blamed(Decision rolledBack) {
        var target = plan().target();
        if (stage.spec.counting && rolledBack.reason() == Reason.CHECK_FAILED && !stage.blemished.contains(target)) {
            reached.add(ROLLED_BACK_BY_CHANCE);
        }
    }

    private boolean isShown(ModelRolloutStatus next) {
        var route = stage.route;
        return route != null
                && route.rules().stream()
                        .allMatch(rule ->
                                listed().stream().allMatch(version -> share(rule, version) == told(next, version)));
    }

    /** What the evidence rests on. */
    private static List<@Nullable Object> comparison(@Nullable ModelRolloutStatus of) {
        var rollout = of == null ? null : of.rollout();
        var checks = of == null ? List.<CheckStatus>of() : StatusReader.orEmpty(of.checks());
        return Arrays.asList(
                rollout == null ? null : rollout.revision(),
                rollout == null ? null : rollout.stableTemplate(),
                checks.stream()
                        .map(check -> Objects.requireNonNull(check.evidence()).check())
                        .toList());
    }

    private static List<ModelRolloutStatus.HistoryEntry> history(ModelRolloutStatus of) {
        return StatusReader.orEmpty(of.history());
    }

    private static <T> boolean grows(List<T> before, List<T> after) {
        var added = IntStream.rangeClosed(0, after.size())
                .filter(n -> after.subList(n, after.size())
                        .equals(before.subList(0, Math.min(before.size(), after.size() - n))))
                .findFirst();
        return after.size() >= Math.min(before.size(), 20) && added.orElse(99) <= 2;
    }

    private static int isTrue(ModelRolloutStatus of, String type) {
        return (int) StatusReader.orEmpty(of.conditions()).stream()
                .filter(condition -> condition.getType().equals(type))
                .map(Condition::getStatus)
                .filter("True"::equals)
                .count();
    }

    static String phase(@Nullable ModelRolloutStatus of) {
        return of == null || of.phase() == null ? "" : of.phase();
    }

    private static int told(@Nullable ModelRolloutStatus of, String version) {
        return of == null
                ? 0
                : StatusReader.orEmpty(of.weights()).stream()
                        .filter(weight -> weight.version().equals(version))
                        .mapToInt(ModelRolloutStatus.Weight::weight)
                        .findFirst()
                        .orElse(0);
    }

    // The way down

    void roundEnds(boolean acted, Instant next) {
        spins = next.isAfter(stage.now.plusMillis(10)) || writes > writesBefore ? 0 : spins + 1;
        writesBefore = writes;
        require(spins < 4, "it spins");
        if (acted && round().change().filter(write -> !write.up()).isPresent()) {
            movedAt = round().move() == null ? movedAt : stage.now;
            countPutBacks();
        }
        var before = status;
        var route = stage.route;
        if (!acted || before == null || !phase(before).equals("Progressing") || route == null || stage.isStale()) {
            return;
        }
        var rollout = Objects.requireNonNull(before.rollout());
        var candidate = rollout.candidate();
        var live = Objects.requireNonNull(before.live());
        if (stage.rival
                || stage.renamed
                || !plan().lists(candidate)
                || !stage.pods(live).canServe()) {
            return;
        }
        var why = whyDown(candidate, live, rollout.revision());
        require(why.isEmpty() || route.weightOf(candidate) == 0, "I6: still has traffic: " + why.orElse(""));
        require(
                told(before, candidate) <= plan().maxWeight() || route.weightOf(candidate) <= plan().maxWeight(),
                "I6: above the ceiling");
    }

    private Optional<String> whyDown(String candidate, String live, String revision) {
        var pods = stage.pods(candidate);
        if (!plan().target().equals(candidate)) {
            return Optional.of("not wanted");
        }
        if (!pods.canServe() || (pods.observed && pods.ready == 0)) {
            return Optional.of("no pod");
        }
        if (!stage.revision(candidate).id().equals(revision)) {
            return Optional.of("another revision");
        }
        var answered = answers.stream()
                .filter(all -> tick(all).isAfter(resetAt))
                .filter(all -> why(all, candidate).isEmpty() && why(all, live).isEmpty())
                .limit(Stage.FAILURES)
                .toList();
        var harmed = answered.size() == Stage.FAILURES
                && answered.stream().allMatch(all -> isBad(all, candidate) && !isBad(all, live));
        return harmed && !plan().holdOnFailure() && !plan().analysis().checks().isEmpty()
                ? Optional.of("harm")
                : Optional.empty();
    }

    private RolloutPlan plan() {
        return Objects.requireNonNull(plan);
    }

    private Decision round() {
        return Objects.requireNonNull(decision);
    }

    void require(boolean holds, String otherwise) {
        require(holds, () -> otherwise);
    }

    private void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
