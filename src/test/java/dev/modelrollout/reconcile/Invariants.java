package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.SequentialEvidence;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckStatus;
import dev.modelrollout.reconcile.Replica.Watch;
import dev.modelrollout.reconcile.Stage.Failed;
import dev.modelrollout.reconcile.Stage.Seen;
import dev.modelrollout.reconcile.Stage.Shown;
import dev.modelrollout.reconcile.Stage.Slip;
import dev.modelrollout.reconcile.Stage.StoredRoute;
import dev.modelrollout.rollout.Climb;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Decision.Write;
import dev.modelrollout.rollout.Ladder;
import dev.modelrollout.rollout.Progressing;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.Revision;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RolloutState;
import dev.modelrollout.rollout.TrafficSplit;
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
    private static final Duration SOON = Duration.ofMillis(20);
    private static final int TRAIL = 25;
    private static final int HISTORY = 20;

    /** The part of the ready pods that has to be scraped. */
    private static final double COVERED = 0.8;

    /** By how much evidence is behind, at most. */
    private static final long UNSETTLED =
            Question.Form.COUNTERS.settles(Stage.INTERVAL).plus(Stage.INTERVAL).toSeconds();

    /** Said of a history in which it happened. */
    static final String ROLLED_BACK_BY_CHANCE = "rolled back by chance";

    /** What this history has reached: reasons, and transitions as {@code Waiting>Progressing}. */
    final Set<String> reached = new TreeSet<>();

    private final Stage stage;
    private final Deque<Line> trail = new ArrayDeque<>();
    private final Set<String> barred = new HashSet<>();
    private final List<Instant> putBacks = new ArrayList<>();

    private Moment moved = Moment.NEVER;
    private Moment movedBefore = Moment.NEVER;
    private Instant forgottenAt = Instant.MIN;
    private Instant resetAt = Instant.MIN;
    private int writes;
    private int writesBefore;
    private int spins;

    /** The newest process that has written the route, and the rollout. */
    private int routeTerm;

    private int rolloutTerm;
    private int newestTerm;
    private Act act = new Act();
    private boolean isDead;

    /**
     * A moment of the stage.
     *
     * @param clock as the process that acted had it
     */
    private record Moment(Instant clock, Instant truly) {

        private static final Moment NEVER = new Moment(Instant.EPOCH, Instant.EPOCH);

        /** By the clock of now. */
        Instant by(Moment now) {
            return truly.plus(Duration.between(now.truly, now.clock));
        }

        /** In truth, or as far as processes with different clocks can tell. */
        boolean isPast(Duration time, Moment now) {
            return !now.clock.isBefore(clock.plus(time)) || !now.truly.isBefore(truly.plus(time));
        }
    }

    /** What is known of the present round of one process. */
    static final class Act {

        private @Nullable RolloutPlan plan;
        private @Nullable Decision decision;
        private @Nullable ModelRolloutStatus status;
        private @Nullable Shown shown;
        private @Nullable StoredRoute route;
        private long generation;
        private int routeTerm;
        private int rolloutTerm;
        private boolean isLeaving;
        private boolean wroteStatus;
        private Instant clock = Instant.MIN;
        private Instant now = Instant.MIN;
        private Moment decidedAt = Moment.NEVER;
        private List<Map<String, Answer>> answers = List.of();
        private Map<String, Integer> readyThen = Map.of();

        /** Whether a write of the route was given up. */
        boolean dropped;

        private void begins() {
            plan = null;
            decision = null;
            status = null;
            dropped = false;
            wroteStatus = false;
        }
    }

    /** What both versions had had when the evidence began. */
    private double requestsBefore;

    /**
     * What they had had at the last write of the status: nothing is counted at first, and then all since. A check that is
     * the first of all counts from the beginning of its rung.
     */
    private double hadThen;

    private double counted;

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
            @Nullable StoredRoute on) {

        @Override
        public String toString() {
            return phase + " -> " + next + " " + reason
                    + write.map(it -> " " + it).orElse("") + (on == null ? ", no route" : " on " + on.rules());
        }
    }

    int writes() {
        return writes;
    }

    /** Whether the process that acted last has died of it; told once. */
    boolean wasFatal() {
        var dead = isDead;
        isDead = false;
        return dead;
    }

    /** What another clock has dated counts as lost; a tick that one a little ahead has read is not read again. */
    void succeeds(Replica former, Replica next) {
        if (!next.skew().equals(former.skew())) {
            counted = 0;
        }
        resetAt = former.clock().isAfter(next.clock().plus(Stage.INTERVAL)) ? Instant.MIN : former.clock();
        forgotten(next);
    }

    /** What was measured and not stored is lost. */
    private void forgotten(Replica replica) {
        forgottenAt = replica.clock();
        resetAt = later(resetAt, replica.clock());
    }

    /** The tombstones are lost with it. */
    void statusLost(Replica replica) {
        barred.clear();
        putBacks.clear();
        forgotten(replica);
    }

    void broke(Replica replica, Failed failure) {
        tell(String.valueOf(failure.getMessage()));
        isDead = failure.fatal;
    }

    private void of(Replica replica) {
        act = replica.act;
        act.shown = replica.shown();
        act.clock = replica.clock();
    }

    /** A decision that is acted on, unless it is made again on a fresh look. */
    void decided(Replica replica, RolloutPlan seen, Decision decided, Instant now) {
        of(replica);
        act.plan = seen;
        act.now = now;
        act.decidedAt = now();
        act.decision = decided;
        act.status = stage.status();
        act.route = stage.route;
        act.generation = generation();
        act.isLeaving = isLeaving();
        var before = act.answers;
        act.answers = replica.arrived.headMap(now, true).descendingMap().values().stream()
                .filter(all -> all.containsKey(seen.target()))
                .toList();
        if (!act.answers.isEmpty() && (before.isEmpty() || !act.answers.get(0).equals(before.get(0)))) {
            act.readyThen = Stage.VERSIONS.stream()
                    .collect(Collectors.toMap(name -> name, name -> pods(name).readyAsObserved()));
        }
        if (!phase(act.status).equals("Progressing") || shown().rival()) {
            resetAt = later(resetAt, act.clock);
        }
        var next = decided.next().getClass().getSimpleName();
        tell(new Told(phase(act.status), decided.reason(), next, decided.change(), stage.route));
        require(!decided.message().isBlank(), "I20: a message");
    }

    private boolean isLeaving() {
        return stage.rollout == null || stage.rollout.isMarkedForDeletion();
    }

    private long generation() {
        return stage.rollout == null ? 0 : stage.rollout.getMetadata().getGeneration();
    }

    /** As the process that acts sees them. */
    private Seen pods(String version) {
        return shown().pods(version);
    }

    private Shown shown() {
        return Objects.requireNonNull(act.shown);
    }

    // The route

    /** @param again whether a try before was refused: a decrease is held by the weights that it names alone until then */
    void routeWritten(
            Replica replica, RolloutPlan plan, StoredRoute before, TrafficSplit split, boolean up, boolean again) {
        of(replica);
        writes++;
        var after = Objects.requireNonNull(stage.route);
        act.route = after;
        require(!shown().rival(), "I12: an older rollout has the rule");
        require(
                (!up && !again) || isOfLeader(replica, routeTerm, act.routeTerm),
                "I11: the route is written by an old leader");
        routeTerm = Math.max(routeTerm, replica.term);
        rules(before, after).forEach(rule -> keepsWhatIsNotOurs(plan, rule.getKey(), rule.getValue()));
        for (var version : listed(plan)) {
            var raised = rules(before, after)
                    .anyMatch(rule -> share(plan, rule.getValue(), version) > share(plan, rule.getKey(), version));
            require(!raised || pods(version).canServe(), "I7: traffic for " + version + ", which cannot serve");
            require(!raised || version.equals(stage.live()) || !isBarred(plan, version), "I5: barred");
        }
        if (up) {
            rose(replica, plan, before, split);
            movedBefore = moved;
            moved = now();
        } else {
            fell(plan, before, after, split);
            moved = act.decision == null || act.decision.move() == null ? movedBefore : moved;
        }
    }

    private static void keepsWhatIsNotOurs(RolloutPlan plan, Map<String, Integer> before, Map<String, Integer> after) {
        var total = listed(plan).stream()
                .mapToInt(version -> weight(after, version))
                .sum();
        check(total == 100, "I1: the weights add up to " + total);
        for (var version : Stage.VERSIONS) {
            check(weight(after, version) >= 0, "I1: a weight below 0");
            check(plan.lists(version) || weight(after, version) == weight(before, version), "I2: of " + version);
        }
    }

    private boolean isBarred(RolloutPlan plan, String version) {
        var revision = Revision.of(plan.version(version), "t" + pods(version).template(), plan.attempt());
        return barred.contains(revision.id());
    }

    private static Stream<Map.Entry<Map<String, Integer>, Map<String, Integer>>> rules(
            StoredRoute before, StoredRoute after) {
        return IntStream.range(0, before.rules().size())
                .mapToObj(i -> Map.entry(before.rules().get(i), after.rules().get(i)));
    }

    private static int weight(Map<String, Integer> rule, String version) {
        return Objects.requireNonNull(rule.get(version));
    }

    /** Percent of what the listed versions get. */
    private static double share(RolloutPlan plan, Map<String, Integer> rule, String version) {
        var total = listed(plan).stream().mapToInt(name -> weight(rule, name)).sum();
        return weight(rule, version) * 100.0 / Math.max(1, total);
    }

    private static List<String> listed(RolloutPlan plan) {
        return Stage.VERSIONS.stream().filter(plan::lists).toList();
    }

    private void rose(Replica replica, RolloutPlan spec, StoredRoute before, TrafficSplit split) {
        var target = spec.target();
        var from = before.weightOf(target);
        var to = split.weightOf(target);
        require(spec.generation() == act.generation, "I18: rests on an older spec");
        require(!spec.paused(), "I18: paused");
        require(!act.isLeaving, "I18: rises although it is deleted");
        require(!phase(act.status).equals("Halted"), "a halted one rises");
        require(shown().isServed() && !before.foreign(), "I3: the present weights are not served");
        var pods = pods(target);
        require(pods.observed() && pods.ready() >= pods.replicas(), "not ready");
        require(before.rules().stream().allMatch(rule -> weight(rule, target) == from), "I3: rules differ");
        require(from == told(act.status, target), "I3: a second rise before the status of the first");
        require(isRung(spec, from, to), "I3: from " + from + " to " + to);
        require(
                to == 100 || Objects.requireNonNull(stage.rollout).hasFinalizer(RolloutStore.FINALIZER),
                "I13: split without a finalizer");
        if (from > 0) {
            require(moved.isPast(hold(spec.climb(), from), now()), "I16: not held");
        }
        var restsOnItsSuccessor = act.rolloutTerm > replica.term;
        if (!spec.analysis().checks().isEmpty() && !restsOnItsSuccessor) {
            var live = Objects.requireNonNull(act.status).live();
            if (stage.spec.counting) {
                seen(target, live, from);
            } else {
                measured(target, live, from);
            }
        }
    }

    private Moment now() {
        return new Moment(act.clock, stage.now);
    }

    private static Duration hold(Climb climb, int from) {
        if (Stage.RISK.equals(climb)) {
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
        var newest = newest(live);
        var isSilent = why(newest, target).filter(Blindness.NO_DATA::equals).isPresent();
        require(isSilent || isCovered(newest, target), "blind");
        require(isCovered(newest, Objects.requireNonNull(live)), "blind for stable");
        require(from == 0 || !tick(newest).isBefore(act.clock.minus(FRESH)), "rests on old counters");
    }

    /** The newest of both. */
    private Map<String, Answer> newest(@Nullable String live) {
        var newest = act.answers.stream()
                .filter(all -> live != null && all.containsKey(live))
                .findFirst();
        require(newest.isPresent(), "blind: not measured");
        return newest.orElseThrow();
    }

    /** By the pods of now, or by those of the round that saw these counters first. */
    private boolean isCovered(Map<String, Answer> counters, String version) {
        var ready = Math.min(pods(version).readyAsObserved(), Objects.requireNonNull(act.readyThen.get(version)));
        return Objects.requireNonNull(counters.get(version))
                .fold(value -> false, its -> its.values().size() >= COVERED * ready, why -> false);
    }

    private void measured(String target, @Nullable String live, int from) {
        var newest = newest(live);
        var why = why(newest, target);
        require(why.isEmpty() || (from == 0 && why.get() == Blindness.NO_DATA), "blind");
        require(
                !stage.spec.comparing
                        || why(newest, Objects.requireNonNull(live)).isEmpty(),
                "blind for stable");
        if (from > 0) {
            require(!tick(newest).isBefore(act.clock.minus(FRESH)), "rests on old readings");
            var movedAt = moved.by(now());
            var since = later(movedAt.plus(Stage.WARMUP), forgottenAt);
            var last = act.answers.stream()
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
        return all.values().iterator().next().tick();
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static Optional<Blindness> why(Map<String, Answer> all, String version) {
        var answer = all.get(version);
        return answer == null
                ? Optional.of(Blindness.TIMEOUT)
                : answer.fold(value -> Optional.empty(), counters -> Optional.empty(), Optional::of);
    }

    private static boolean isBad(Map<String, Answer> all, String version) {
        return Objects.requireNonNull(all.get(version))
                .fold(value -> value > Stage.LIMIT, counters -> false, why -> false);
    }

    private static void fell(RolloutPlan plan, StoredRoute before, StoredRoute after, TrafficSplit split) {
        check(
                split.stable().equals(split.candidate())
                        || rules(before, after)
                                .allMatch(rule -> share(plan, rule.getValue(), split.candidate())
                                        <= share(plan, rule.getKey(), split.candidate())),
                "a decrease that raises " + split.candidate());
    }

    /** Those that the status tells of. */
    private void countPutBacks(Decision decision) {
        if (decision.reason() == Reason.DRIFTED) {
            putBacks.removeIf(at -> !at.isAfter(act.clock.minus(CONTEST)));
            putBacks.add(act.clock);
            require(putBacks.size() <= 3, "put back " + putBacks.size() + " times in 10 minutes");
        }
    }

    // The status

    void statusWritten(Replica replica, @Nullable ModelRolloutStatus old, ModelRolloutStatus next) {
        of(replica);
        writes++;
        rolloutWritten(replica);
        act.wroteStatus = true;
        reached.add(phase(old) + ">" + phase(next));
        if (next.halt() == null && old != null && old.halt() != null) {
            putBacks.clear();
        }
        var goesOn = comparison(next).equals(comparison(old));
        if (!goesOn) {
            forgotten(replica);
        }
        keepsForm(old, next);
        var plan = act.plan;
        var decision = act.decision;
        // A spec that was read anew may have no plan, when the one before it had.
        if (plan == null || decision == null || !Long.valueOf(plan.generation()).equals(next.observedGeneration())) {
            require(old == null ? next.phase() == null : told(old).equals(told(next)), "I8: known without a plan");
            return;
        }
        reached.add(decision.reason().text());
        if (phase(old).isEmpty() && phase(next).equals("Progressing")) {
            // Found like this, whenever the last move was: the hold counts from here.
            moved = act.decidedAt;
        }
        if (stage.spec.counting) {
            counted(plan, decision, old, next, goesOn);
        }
        var again = StatusReader.stateOf(next)
                .fold(new StatusWriter(plan, outlook(next), act.now, Objects.requireNonNull(next.conditions())));
        require(again.equals(next), () -> "what is read is not what was written:\n" + next + "\n" + again);
        if (Stage.VERSIONS.stream().anyMatch(version -> told(next, version) != told(old, version))) {
            require(isShown(plan, next), () -> "I8: the status runs ahead: " + next.weights() + " of " + stage.route);
        }
        if (old != null && old.live() != null && !old.live().equals(next.live())) {
            require(phase(old).equals("Progressing") || phase(old).equals("Halted"), "I4: live without any rung");
            require(told(next, Objects.requireNonNull(next.live())) == 100, "I4: live without all traffic");
        }
        StatusReader.orEmpty(next.failedRevisions()).forEach(failed -> barred.add(failed.revision()));
        if (phase(next).equals("RolledBack") && phase(old).equals("Progressing")) {
            blamed(plan, decision);
            require(isBarredBy(next), "I5: rolled back without a tombstone");
        }
        require(
                !phase(next).equals("RolledBack")
                        || !phase(old).equals("Progressing")
                        || isWithout(Objects.requireNonNull(next.rollout()).candidate()),
                "I8: rolled back with traffic");
    }

    private static boolean isBarredBy(ModelRolloutStatus status) {
        var rollout = Objects.requireNonNull(status.rollout());
        return StatusReader.orEmpty(status.failedRevisions()).stream()
                .anyMatch(failed -> failed.revision().equals(rollout.revision()));
    }

    private void rolloutWritten(Replica replica) {
        require(isOfLeader(replica, rolloutTerm, act.rolloutTerm), "I11: the rollout is written by an old leader");
        rolloutTerm = Math.max(rolloutTerm, replica.term);
    }

    /** What was read after a newer leader's write rests on that. */
    private static boolean isOfLeader(Replica replica, int newest, int whenItBegan) {
        return replica.term >= newest || replica.term < whenItBegan;
    }

    void begins(Replica replica) {
        replica.act.begins();
        newestTerm = Math.max(newestTerm, replica.term);
        reads(replica);
    }

    /** What it does from now on rests on what is stored now. */
    void reads(Replica replica) {
        replica.act.routeTerm = routeTerm;
        replica.act.rolloutTerm = rolloutTerm;
    }

    private void keepsForm(@Nullable ModelRolloutStatus old, ModelRolloutStatus next) {
        require(isTrue(next, "Stalled") + isTrue(next, "Reconciling") + isTrue(next, "Ready") == 1, "I9: kstatus");
        require(
                StatusReader.orEmpty(next.conditions()).stream()
                        .noneMatch(condition -> condition.getMessage().isBlank()),
                "I20: a condition without a message");
        if (old == null) {
            return;
        }
        require(
                old.observedGeneration() == null
                        || Objects.requireNonNull(next.observedGeneration()) >= old.observedGeneration(),
                "I9: generation");
        require(grows(history(old), history(next)), "I9: history");
        StatusReader.orEmpty(old.conditions())
                .forEach(before -> require(
                        StatusReader.orEmpty(next.conditions()).stream().anyMatch(after -> follows(before, after)),
                        "I9: condition " + before.getType()));
    }

    private static boolean follows(Condition before, Condition after) {
        return before.getType().equals(after.getType())
                && (!before.getStatus().equals(after.getStatus())
                        || before.getLastTransitionTime().equals(after.getLastTransitionTime()));
    }

    /** All but what stands in the way. */
    private static List<@Nullable Object> told(ModelRolloutStatus of) {
        return Arrays.asList(
                of.phase(), of.live(), of.weights(), of.rollout(), of.halt(), of.failedRevisions(), of.history());
    }

    void finalizersWritten(Replica replica, ModelRollout before, ModelRollout after) {
        of(replica);
        writes++;
        rolloutWritten(replica);
        require(
                after.getFinalizers()
                        .containsAll(before.getFinalizers().stream()
                                .filter(name -> !name.equals(RolloutStore.FINALIZER))
                                .toList()),
                "I2: a foreign finalizer");
        if (after.hasFinalizer(RolloutStore.FINALIZER)) {
            return;
        }
        var status = after.getStatus();
        var live = status == null ? null : status.live();
        var route = stage.route;
        if (live == null || route == null || route.renamed() || shown().rival() || stage.spec.slip == Slip.TYPE) {
            return;
        }
        require(
                !after.isMarkedForDeletion() || !pods(live).canServe() || isAllOf(route, live),
                "I13: deleted, and " + live + " has not all traffic");
        require(after.isMarkedForDeletion() || told(status, live) == 100, "I13: let go before the status");
    }

    private boolean isAllOf(StoredRoute route, String live) {
        return route.rules().stream()
                .allMatch(rule -> Stage.VERSIONS.stream()
                        .filter(version -> !stage.spec.unlisted.contains(version))
                        .allMatch(version -> version.equals(live) || weight(rule, version) == 0));
    }

    /** An Event is on its way. */
    void noticed(Replica replica) {
        require(replica.act.wroteStatus || isLeaving() || wasRefused(replica.act), "a notice before its status");
    }

    private boolean wasRefused(Act its) {
        var route = stage.route;
        return its.decision != null
                && route != null
                && its.decision
                        .change()
                        .map(Write::split)
                        .filter(split -> route.weightOf(split.candidate()) != split.weightOf(split.candidate()))
                        .isPresent();
    }

    private static @Nullable String outlook(ModelRolloutStatus status) {
        return status.rollout() == null ? null : status.rollout().estimate();
    }

    /** Evidence comes back from the status as it was; it only grows, and each request is in it once at most. */
    private void counted(
            RolloutPlan plan,
            Decision decision,
            @Nullable ModelRolloutStatus old,
            ModelRolloutStatus next,
            boolean goesOn) {
        var stored = evidence(plan, StatusReader.stateOf(Stage.read(next)));
        var seen = stored.stream().mapToDouble(Invariants::requests).sum();
        var had = Stage.VERSIONS.stream().mapToDouble(stage::requests).sum();
        counted = goesOn ? counted : 0;
        requestsBefore = goesOn ? requestsBefore : Math.min(had - seen, hadThen);
        var goesOnUncounted = StatusReader.orEmpty(next.checks()).isEmpty()
                && decision.move() == null
                && !phase(old).isEmpty();
        hadThen = goesOnUncounted ? hadThen : had;
        if (decision.next() instanceof Progressing climbing) {
            require(stored.equals(evidence(plan, climbing)), "the evidence is not stored as it is");
            require(seen >= counted, "evidence is lost");
            var most = had - requestsBefore + Stage.REQUESTS_PER_SECOND * UNSETTLED;
            require(seen <= most, () -> "counted twice: " + seen);
            counted = seen;
        }
    }

    /** Of the checks that the plan has. */
    private static List<SequentialEvidence> evidence(RolloutPlan plan, RolloutState state) {
        return state instanceof Progressing climbing
                ? climbing.measurements().findings(plan).all().stream()
                        .flatMap(its -> its.measured().fold(query -> Stream.<SequentialEvidence>of(), Stream::of))
                        .toList()
                : List.of();
    }

    private static double requests(SequentialEvidence of) {
        var seen = of.experience();
        return seen.candidate().seen().total() + seen.stable().seen().total();
    }

    /** Who was never worse than good was rolled back by chance. */
    private void blamed(RolloutPlan plan, Decision rolledBack) {
        if (stage.spec.counting
                && rolledBack.reason() == Reason.CHECK_FAILED
                && !stage.blemished.contains(plan.target())) {
            reached.add(ROLLED_BACK_BY_CHANCE);
        }
    }

    /** Now, or as it was when it was read or written last: somebody else may have been there since. */
    private Stream<StoredRoute> seenRoutes() {
        return Stream.of(Optional.ofNullable(act.route), Optional.ofNullable(stage.route))
                .flatMap(Optional::stream);
    }

    private boolean isWithout(String version) {
        return act.route == null || seenRoutes().anyMatch(route -> route.weightOf(version) == 0);
    }

    private boolean isShown(RolloutPlan plan, ModelRolloutStatus next) {
        return seenRoutes()
                .anyMatch(route -> route.rules().stream()
                        .allMatch(rule -> listed(plan).stream()
                                .allMatch(version -> share(plan, rule, version) == told(next, version))));
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

    /** At its head alone, by two at most; what is older goes once there are too many. */
    private static <T> boolean grows(List<T> before, List<T> after) {
        return IntStream.rangeClosed(0, 2)
                .filter(added -> after.size() == Math.min(before.size() + added, HISTORY))
                .anyMatch(added -> after.subList(added, after.size()).equals(before.subList(0, after.size() - added)));
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

    void roundEnds(Replica replica, Instant next) {
        of(replica);
        spins = next.isAfter(stage.now.plus(SOON)) || writes > writesBefore ? 0 : spins + 1;
        writesBefore = writes;
        require(spins < 4, "it spins");
        var plan = act.plan;
        var decision = act.decision;
        if (plan == null) {
            // Nothing is asked for it, nor kept.
            resetAt = later(resetAt, act.clock);
        }
        if (plan == null || decision == null || act.dropped) {
            return;
        }
        if (act.wroteStatus && decision.change().filter(write -> !write.up()).isPresent()) {
            moved = decision.move() == null ? moved : now();
            countPutBacks(decision);
        }
        var before = act.status;
        var route = stage.route;
        if (before == null
                || !phase(before).equals("Progressing")
                || route == null
                || replica.term < newestTerm
                || !replica.hears(Watch.ROLLOUTS)
                || !replica.hears(Watch.ROUTES)) {
            return;
        }
        var rollout = Objects.requireNonNull(before.rollout());
        var candidate = rollout.candidate();
        var live = Objects.requireNonNull(before.live());
        if (shown().rival()
                || route.renamed()
                || !plan.lists(candidate)
                || !pods(live).canServe()) {
            return;
        }
        var why = whyDown(plan, candidate, live, rollout.revision());
        require(why.isEmpty() || route.weightOf(candidate) == 0, "I6: still has traffic: " + why.orElse(""));
        require(
                told(before, candidate) <= plan.maxWeight() || route.weightOf(candidate) <= plan.maxWeight(),
                "I6: above the ceiling");
    }

    private Optional<String> whyDown(RolloutPlan plan, String candidate, String live, String revision) {
        var pods = pods(candidate);
        if (!plan.target().equals(candidate)) {
            return Optional.of("not wanted");
        }
        if (!pods.canServe() || (pods.observed() && pods.ready() == 0)) {
            return Optional.of("no pod");
        }
        if (!stage.revision(candidate, pods).id().equals(revision)) {
            return Optional.of("another revision");
        }
        var answered = act.answers.stream()
                .filter(all -> tick(all).isAfter(resetAt))
                .filter(all -> why(all, candidate).isEmpty() && why(all, live).isEmpty())
                .limit(Stage.FAILURES)
                .toList();
        var harmed = answered.size() == Stage.FAILURES
                && answered.stream().allMatch(all -> isBad(all, candidate) && !isBad(all, live));
        return harmed && !plan.holdOnFailure() && !plan.analysis().checks().isEmpty()
                ? Optional.of("harm")
                : Optional.empty();
    }

    void require(boolean holds, String otherwise) {
        check(holds, otherwise);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }
}
