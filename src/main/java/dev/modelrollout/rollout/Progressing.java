package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.rollout.Decision.Sight;
import dev.modelrollout.rollout.Findings.Finding;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Move.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A rung is held: the candidate has its weight, and is measured.
 *
 * @param since the answer to the route patch that began this rung
 * @param replicas the candidate's, when it was entered
 * @param stableTemplate stable's pod template, which the comparison rests on; null when it was not seen yet
 */
public record Progressing(
        Ledger ledger,
        Candidate candidate,
        Rung rung,
        Instant since,
        int replicas,
        @Nullable String stableTemplate,
        Measurements measurements,
        Patience patience)
        implements Known {

    static final int LOSSES_BORNE = 2;

    /** The rung from its beginning. */
    static Progressing entered(Round round, Ledger ledger, Candidate candidate, Rung rung, Measurements before) {
        var replicas = round.world()
                .workload(candidate.version())
                .map(Workload::replicas)
                .orElse(0);
        return new Progressing(
                ledger,
                candidate.underTraffic(round.now()),
                rung,
                round.now(),
                replicas,
                template(round, ledger.live()),
                before.atNewWeight(),
                Patience.NONE);
    }

    private static @Nullable String template(Round round, String stable) {
        return round.world().workload(stable).map(Workload::template).orElse(null);
    }

    /** The write that enters a higher rung. */
    static Decision raise(
            Round round, Ledger ledger, Candidate candidate, Rung rung, Measurements before, String restsOn) {
        var move = new Move(
                round.now(),
                Action.RAISE,
                Reason.PROGRESSING.text(),
                ledger.live(),
                candidate.version(),
                rung.weight(),
                restsOn);
        var next = entered(round, ledger.with(move), candidate, rung, before);
        var message = "Raised " + candidate.version() + " to " + rung.weight() + " %: " + restsOn + ".";
        return Guards.raise(next, Reason.PROGRESSING, message, move);
    }

    /** This rung, or another one, from its beginning; pods that are missing do not come back by that. */
    private Progressing anew(Round round, Rung at) {
        var fresh = entered(round, ledger, candidate, at, measurements);
        return new Progressing(
                fresh.ledger,
                fresh.candidate,
                fresh.rung,
                fresh.since,
                fresh.replicas,
                stableTemplate,
                fresh.measurements,
                new Patience(null, Duration.ZERO, patience.unreadySince(), false));
    }

    /** This rung from its beginning, beside stable as it is now: what was measured before is not kept. */
    private Progressing anewFromNothing(Round round) {
        return new Progressing(
                        ledger,
                        candidate,
                        rung,
                        since,
                        replicas,
                        template(round, ledger.live()),
                        Measurements.NONE,
                        patience)
                .anew(round, rung);
    }

    @Override
    public Decision decide(Round round) {
        var wanted = round.plan().lists(candidate.version())
                ? measurements.wanted(round, candidate.version(), ledger.live())
                : Wanted.NOTHING;
        var newest = newest(round);
        var found = round.finding(newest.findings(round.plan()));
        return measured(found, newest).judged(found, wanted);
    }

    private Decision judged(Round round, Wanted wanted) {
        var judged = judge(round);
        var decision = judged.seeing(sight(round, judged)).asking(wanted);
        return decision.change().isPresent()
                ? decision
                : deadlines(round).filter(round.now()::isBefore).reduce(decision, Decision::wakingAt, (a, b) -> b);
    }

    private Decision judge(Round round) {
        return Guards.first(
                List.of(
                        // Down: neither a pause nor a foreign change of the route stops it.
                        () -> unlisted(round),
                        () -> aborted(round),
                        () -> replaced(round),
                        () -> lost(round),
                        () -> harmed(round),
                        () -> blindTooLong(round),
                        () -> overdue(round),
                        () -> aboveCeiling(round),
                        () -> climbChanged(round),
                        () -> receding(round),
                        // Without somebody to take the traffic nothing below may touch it.
                        () -> stableUnreachable(round),
                        // The route is not as it was written. Our own rise before a crash is no drift; a foreign change
                        // downwards is kept, any other is put back.
                        () -> cutShort(round),
                        () -> Guards.contested(round, this),
                        () -> lowered(round),
                        () -> Guards.putBack(round, this, candidate.version()),
                        // Up, all of these must be content.
                        () -> halted(round),
                        () -> taken(round),
                        () -> Guards.troubled(round, this),
                        () -> Guards.drifting(round, this),
                        () -> unready(round),
                        () -> stableChanged(round),
                        () -> Guards.unprogrammed(round, this),
                        () -> paused(round),
                        () -> atCeiling(round),
                        () -> blind(round),
                        () -> unread(round),
                        () -> holding(round)),
                () -> rise(round));
    }

    // What this round has shown

    @Override
    public Progressing measured(Round round) {
        var newest = newest(round);
        return measured(round.finding(newest.findings(round.plan())), newest);
    }

    private Measurements newest(Round round) {
        return round.plan().lists(candidate.version())
                ? measurements.folded(round, candidate.version(), ledger.live(), rung, since)
                : measurements;
    }

    private Progressing measured(Round round, Measurements newest) {
        if (!round.plan().lists(candidate.version())) {
            return this;
        }
        var blind = round.findings().blind().isPresent();
        var unready = round.world()
                .workload(candidate.version())
                .map(workload -> !workload.hasReady(
                        round.plan().minReady(), Math.min(workload.replicas(), Math.max(1, replicas))))
                .orElse(true);
        var borne = patience.blind(blind, round.now())
                .unready(unready, round.now())
                .unprogrammed(patience.unprogrammed() || isLeftUnprogrammed(round));
        var held = measurements.beginAnew(round, candidate.version(), ledger.live()) ? round.now() : since;
        return new Progressing(ledger, candidate, rung, held, replicas, stableTemplate, newest, borne);
    }

    /** What is over asks no more, and says so together with its end. */
    private @Nullable Sight sight(Round round, Decision judged) {
        return judged.next() instanceof Live || judged.next() instanceof RolledBack
                ? Sight.NOT_ASKED
                : measurements.sight(round);
    }

    private boolean isLeftUnprogrammed(Round round) {
        return round.world().route().unprogrammed() != null && !round.now().isBefore(ledger.servedBy());
    }

    // Ways down: they wait for nothing

    /** Taken out of the spec, its weight is not ours to write: it has to be listed again, or set to 0 by hand. */
    private Optional<Decision> unlisted(Round round) {
        return round.plan().lists(candidate.version()) ? Optional.empty() : Guards.troubled(round, this);
    }

    private Optional<Decision> aborted(Round round) {
        return round.plan().target().equals(ledger.live())
                ? Optional.of(Transitions.abort(round, this, candidate))
                : Optional.empty();
    }

    private Optional<Decision> replaced(Round round) {
        return round.wants(candidate) ? Optional.empty() : Optional.of(Transitions.replace(round, this));
    }

    private Optional<Decision> lost(Round round) {
        var gone = round.world()
                .workload(candidate.version())
                .map(Workload::isGone)
                .orElse(true);
        var unready = patience.unreadySince();
        var worn = unready != null
                && !round.now().isBefore(unready.plus(round.plan().grace()));
        if (!gone && !worn) {
            return Optional.empty();
        }
        var what = gone
                ? candidate.version() + " has no ready pod under traffic"
                : "fewer than " + round.plan().minReady() + "% of the pods of " + candidate.version()
                        + " have been ready since " + unready;
        return Optional.of(
                candidate.losses() >= LOSSES_BORNE
                        ? Transitions.rollBack(round, this, Reason.CANDIDATE_LOST, null, what + ", for the third time")
                        : loseTraffic(round, what));
    }

    private Decision loseTraffic(Round round, String what) {
        var move = move(round, Action.LOWER, Reason.CANDIDATE_LOST, 0, what);
        var next = new Waiting(ledger.with(move), candidate.afterLoss(), round.now());
        var message = "Lost: " + what + ". Its weight is 0; it starts again from the first step when it is ready.";
        return Transitions.lower(round, this, next, Reason.CANDIDATE_LOST, message, move);
    }

    private Optional<Decision> harmed(Round round) {
        return round.plan().holdOnFailure()
                ? Optional.empty()
                : round.findings()
                        .ownHarm()
                        .map(finding -> Transitions.rollBack(
                                round,
                                this,
                                finding.check().failure(finding.measured()),
                                finding.check().name(),
                                breach(finding)));
    }

    private String breach(Finding finding) {
        return finding.breach(candidate.version(), ledger.live());
    }

    private Optional<Decision> blindTooLong(Round round) {
        var blindSince = patience.blindSince();
        if (blindSince == null || !round.plan().rollBackWhenBlind()) {
            return Optional.empty();
        }
        return round.now().isBefore(blindSince.plus(round.plan().maxBlind()))
                ? Optional.empty()
                : Optional.of(Transitions.rollBack(
                        round, this, Reason.BLIND_TOO_LONG, null, "no verdict to be had since " + blindSince));
    }

    private Optional<Decision> overdue(Round round) {
        return round.plan().rollBackAtDeadline()
                ? overdueBy(round).map(what -> Transitions.rollBack(round, this, Reason.DEADLINE_EXCEEDED, null, what))
                : Optional.empty();
    }

    private Optional<String> overdueBy(Round round) {
        var ends = deadline(round);
        return ends == null || round.now().isBefore(ends)
                ? Optional.empty()
                : Optional.of("the rollout was not done by its deadline, " + ends);
    }

    private @Nullable Instant deadline(Round round) {
        var from = candidate.deadlineFrom();
        var allowed = round.plan().deadline();
        return from == null || allowed == null ? null : from.plus(allowed);
    }

    private Optional<Decision> aboveCeiling(Round round) {
        var ceiling = round.plan().maxWeight();
        if (rung.weight() <= ceiling) {
            return Optional.empty();
        }
        var fitting = round.plan().climb().notAbove(ceiling, 100, ceiling);
        return Optional.of(lower(round, fitting, Reason.AT_MAX_WEIGHT, "spec.maxWeight is " + ceiling));
    }

    /** A slip of the pen is no other way: the weight stays until the spec can be read. */
    private Optional<Decision> climbChanged(Round round) {
        var climb = round.plan().climb();
        if (climb.has(rung) || round.world().isSpecUnclear()) {
            return Optional.empty();
        }
        var fitting = climb.notAbove(rung.weight(), 100, round.plan().maxWeight());
        return Optional.of(
                fitting.weight() == rung.weight()
                        ? Decision.stay(
                                anew(round, fitting),
                                Reason.PROGRESSING,
                                "The steps changed: " + fitting.weight() + " % is held anew.")
                        : settle(round, fitting, Reason.PROGRESSING));
    }

    /** The evidence has become worse, though not bad enough to give up; what is, or halts, is no matter of the ramp. */
    private Optional<Decision> receding(Round round) {
        if (round.now().isBefore(holdEnds(round.plan(), round.now()))
                || round.findings().hasHarm()) {
            return Optional.empty();
        }
        var next = next(round);
        if (next.weight() >= rung.weight()) {
            return Optional.empty();
        }
        var what = support(round);
        return Optional.of(
                next.weight() == 0
                        ? Transitions.rollBack(round, this, Reason.CHECK_FAILED, null, "the ramp ended at 0: " + what)
                        : lower(round, next, Reason.PROGRESSING, what));
    }

    /** Stands on a rung that is not above what the route shows, and holds it anew. */
    Decision settle(Round round, Rung wanted, Reason reason) {
        var lower = notAboveRoute(round, wanted);
        var what = "the route was read as it stands: " + candidate.version() + " goes on from " + lower.weight() + " %";
        return stepDown(round, lower, reason, what, "Holding anew: " + what + ".");
    }

    private Decision lower(Round round, Rung wanted, Reason reason, String what) {
        var lower = notAboveRoute(round, wanted);
        return stepDown(round, lower, reason, what, "Lowered to " + lower.weight() + " %: " + what + ".");
    }

    /** This rung, or the one that the route shows already if somebody has gone below it. */
    private Rung notAboveRoute(Round round, Rung wanted) {
        var found = round.world()
                .route()
                .rungFor(candidate.version(), round.plan().climb(), round.plan().maxWeight());
        return found.weight() < wanted.weight() ? found : wanted;
    }

    private Decision stepDown(Round round, Rung lower, Reason reason, String what, String message) {
        var move = move(round, Action.LOWER, reason, lower.weight(), what);
        var moved = with(ledger.with(move));
        var next = lower.number() == 0 ? new Waiting(moved.ledger, candidate, round.now()) : moved.anew(round, lower);
        return Transitions.lower(round, this, next, reason, message, move);
    }

    // Ways to halt

    private Optional<Decision> halted(Round round) {
        var findings = round.findings();
        return findings.ownHarm()
                .map(finding -> halt(
                        round,
                        Reason.HELD_ON_FAILURE,
                        "Held at " + rung.weight() + " % because onFailure is Hold: " + breach(finding)
                                + ". Set spec.target back to " + ledger.live()
                                + " to take it back, or change the spec to go on."))
                .or(() -> findings.sharedHarm()
                        .map(finding -> halt(
                                round,
                                Reason.BOTH_UNHEALTHY,
                                "Both versions are beyond their limit: " + breach(finding)
                                        + ". The weights stay as they are until one of them is well.")))
                .or(() -> overdueBy(round)
                        .map(what -> halt(
                                round,
                                Reason.DEADLINE_EXCEEDED,
                                "Halted at " + rung.weight() + " %: " + what
                                        + ". Change the spec to go on (raise spec.deadline), or set spec.target back to "
                                        + ledger.live() + ".")));
    }

    private Optional<Decision> stableUnreachable(Round round) {
        return round.world().isReachable(ledger.live())
                ? Optional.empty()
                : Optional.of(Transitions.stableGone(round, this, ledger.live()));
    }

    private Decision halt(Round round, Reason cause, String message) {
        return Halted.because(round, this, cause, message);
    }

    // The route

    /** Our own rise, written before a crash, and not due any more. */
    private Optional<Decision> cutShort(Round round) {
        return round.cutShort(ledger.live(), candidate, rung)
                .map(weight ->
                        next(round).weight() == weight && due(round) ? rise(round) : Transitions.undo(round, this));
    }

    /** Whether nothing but the write itself is missing for the next rung. */
    private boolean due(Round round) {
        return Stream.of(
                        halted(round),
                        Guards.troubled(round, this),
                        Guards.drifting(round, this),
                        unready(round),
                        stableChanged(round),
                        paused(round),
                        atCeiling(round),
                        blind(round),
                        holding(round))
                .allMatch(Optional::isEmpty);
    }

    /** Someone lowered the share: never raised back, but held anew from there. */
    private Optional<Decision> lowered(Round round) {
        var route = round.world().route();
        if (!route.givesLess(candidate.version(), rung.weight())) {
            return Optional.empty();
        }
        var found = route.rungFor(
                candidate.version(), round.plan().climb(), round.plan().maxWeight());
        return Optional.of(settle(round, found, round.world().interrupted() ? Reason.PROGRESSING : Reason.DRIFTED)
                .confirmed());
    }

    // Ways to wait

    private Optional<Decision> unready(Round round) {
        var asked = round.world()
                .workload(candidate.version())
                .map(workload -> workload.hasReady(round.plan().minReady(), workload.replicas()))
                .orElse(false);
        var unready = patience.unreadySince();
        if (asked && unready == null) {
            return Optional.empty();
        }
        return Optional.of(Decision.stay(
                this,
                Reason.CANDIDATE_NOT_READY,
                "Fewer than " + round.plan().minReady() + "% of the pods of " + candidate.version() + " are ready"
                        + (unready == null ? "" : " since " + unready) + ": the weight stays at " + rung.weight()
                        + " %"
                        + (unready == null
                                ? "."
                                : " until " + unready.plus(round.plan().grace()) + ", then it is lost.")));
    }

    /** The gateway takes a write that it had not taken for long: the hold counts from now. */
    private Optional<Decision> taken(Round round) {
        if (!patience.unprogrammed() || round.world().route().programmedSince() == null) {
            return Optional.empty();
        }
        return Optional.of(Decision.stay(
                anew(round, rung),
                Reason.PROGRESSING,
                "The gateway serves " + rung.weight() + " % since " + round.now() + ": held anew."));
    }

    private Optional<Decision> stableChanged(Round round) {
        var template = template(round, ledger.live());
        if (template == null || template.equals(stableTemplate)) {
            return Optional.empty();
        }
        return Optional.of(Decision.stay(
                anewFromNothing(round),
                Reason.PROGRESSING,
                "Stable " + ledger.live() + " changed: the comparison and the hold start anew at " + rung.weight()
                        + " %."));
    }

    private Optional<Decision> paused(Round round) {
        return round.plan().paused()
                ? Optional.of(Decision.stay(
                        this, Reason.PAUSED, "Paused at " + rung.weight() + " %: set spec.paused to false to go on."))
                : Optional.empty();
    }

    private Optional<Decision> atCeiling(Round round) {
        return rung.weight() >= round.plan().maxWeight()
                ? Optional.of(Decision.stay(
                        this,
                        Reason.AT_MAX_WEIGHT,
                        candidate.version() + " stays at " + rung.weight() + " %: raise spec.maxWeight to go on."))
                : Optional.empty();
    }

    private Optional<Decision> blind(Round round) {
        return round.findings()
                .blind()
                .map(finding -> Decision.stay(
                        this,
                        Reason.BLIND,
                        "Check " + finding.check().name() + ": no answer since " + patience.blindSince() + " ("
                                + finding.blindness().map(Blindness::text).orElse("") + ", provider "
                                + round.plan().analysis().provider() + "). Weight stays at "
                                + rung.weight() + " %; it goes on when answers return."));
    }

    /** What is stored may have been overtaken: whoever goes on from there does not rise before it has an answer. */
    private Optional<Decision> unread(Round round) {
        return round.plan().analysis().checks().stream()
                .filter(check -> Stream.of(candidate.version(), ledger.live())
                        .flatMap(version -> round.questions(check, version).stream())
                        .anyMatch(question -> round.world().answers(question).isEmpty()))
                .findFirst()
                .map(check -> Decision.stay(
                        this,
                        Reason.PROGRESSING,
                        "Measuring at " + rung.weight() + " %: check " + check.name() + " needs a new reading."));
    }

    private Optional<Decision> holding(Round round) {
        var ends = holdUntil(round.plan(), round.now());
        if (round.now().isBefore(ends)) {
            var message = "Holding " + rung.weight() + " % until " + ends + " at the earliest.";
            return Optional.of(Decision.stay(this, Reason.PROGRESSING, message).wakingAt(ends));
        }
        return measurements
                .need(round, rung, next(round), since)
                .map(need ->
                        Decision.stay(this, Reason.PROGRESSING, "Measuring at " + rung.weight() + " %: " + need + "."));
    }

    /** The earliest end of this rung: hold and warm-up over, time spent blind not counted. */
    public Instant holdUntil(RolloutPlan plan, Instant now) {
        var held = holdEnds(plan, now);
        var warm = plan.analysis().checks().isEmpty()
                ? since
                : since.plus(plan.analysis().warmup());
        return held.isAfter(warm) ? held : warm;
    }

    private Instant holdEnds(RolloutPlan plan, Instant now) {
        return since.plus(plan.climb().hold(rung)).plus(patience.blindUntil(now));
    }

    /**
     * How long the evidence will still take, for people; empty when there is none to wait for.
     *
     * @param findings what the measurements say of the plan's checks
     */
    public Optional<String> outlook(RolloutPlan plan, List<Finding> findings) {
        var never = findings.stream().filter(Finding::isOutOfReach).findFirst();
        return never.map(finding -> "at this weight check " + finding.check().name()
                        + " would never be safe, even if " + candidate.version() + " is as good as "
                        + ledger.live() + ": it needs more traffic or a wider limit")
                .or(() -> findings.stream()
                        .flatMap(finding ->
                                finding
                                        .check()
                                        .timeToSafe(
                                                finding.measured(),
                                                plan.analysis().interval())
                                        .stream())
                        .filter(left -> !left.isZero())
                        .max(Comparator.naturalOrder())
                        .map(longest ->
                                "about " + Numbers.text(longest) + " more until every check is safe, at this weight"));
    }

    /** When time itself would change the decision. */
    private Stream<Instant> deadlines(Round round) {
        var plan = round.plan();
        var blind = plan.rollBackWhenBlind() ? patience.blindSince() : null;
        var unready = patience.unreadySince();
        return Stream.of(
                        Optional.ofNullable(deadline(round)),
                        Optional.ofNullable(blind).map(since -> since.plus(plan.maxBlind())),
                        Optional.ofNullable(unready).map(since -> since.plus(plan.grace())))
                .flatMap(Optional::stream);
    }

    // The way up

    private Rung next(Round round) {
        return round.plan().climb().next(rung, round.plan().maxWeight(), round.findings());
    }

    private Decision rise(Round round) {
        var next = next(round);
        var restsOn = round.plan().analysis().checks().isEmpty()
                ? "held " + rung.weight() + " % since " + since + ", pods are ready"
                : support(round);
        return next.weight() == 100
                ? promote(round, restsOn)
                : raise(round, ledger, candidate, next, measurements, restsOn);
    }

    private String support(Round round) {
        return round.plan().climb().support(round.findings(), candidate.version(), ledger.live());
    }

    private Decision promote(Round round, String restsOn) {
        var move = new Move(round.now(), Action.PROMOTE, "Promoted", ledger.live(), candidate.version(), 100, restsOn);
        var next = new Live(ledger.with(move).live(candidate.version()));
        return Guards.raise(next, Reason.LIVE, Live.message(candidate.version()), move);
    }

    private Move move(Round round, Action action, Reason reason, int weight, String what) {
        return new Move(round.now(), action, reason.text(), ledger.live(), candidate.version(), weight, what);
    }

    @Override
    public Progressing with(Ledger changed) {
        return new Progressing(changed, candidate, rung, since, replicas, stableTemplate, measurements, patience);
    }

    /** With the whole deadline before it. */
    @Override
    public Progressing resumed(Round round) {
        var later = new Progressing(
                ledger,
                candidate.deadlineFrom(round.now()),
                rung,
                since,
                replicas,
                stableTemplate,
                measurements,
                patience);
        return later.anewFromNothing(round);
    }

    @Override
    public <T> T fold(Cases<T> cases) {
        return cases.progressing(this);
    }

    @Override
    public TrafficSplit split() {
        return new TrafficSplit(ledger.live(), candidate.version(), rung.weight());
    }

    @Override
    public Progressing answeredAt(Instant at) {
        return new Progressing(ledger, candidate, rung, at, replicas, stableTemplate, measurements, patience);
    }
}
