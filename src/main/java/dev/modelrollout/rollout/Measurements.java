package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Question.Form;
import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.analysis.Wanted.Asked;
import dev.modelrollout.rollout.Decision.Sight;
import dev.modelrollout.rollout.Findings.Finding;
import dev.modelrollout.rollout.Ladder.Rung;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of the candidate.
 *
 * @param byCheck by name of the check; empty before the first round
 */
public record Measurements(Map<String, Measured> byCheck) {

    static final Measurements NONE = new Measurements(Map.of());

    public Measurements {
        byCheck = Map.copyOf(byCheck);
    }

    Measurements atNewWeight() {
        return new Measurements(byCheck.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().atNewWeight())));
    }

    /**
     * With this round's readings; nothing is kept of checks that the plan does not have, or not like this. While the route
     * is not known, what is known stays.
     */
    Measurements folded(Round round, String candidate, String stable, Rung rung, Instant since) {
        var folded = new HashMap<String, Measured>();
        for (var check : round.plan().analysis().checks()) {
            var source = round.source(check, candidate, stable);
            var known = known(round, check, source);
            var entered = byCheck.isEmpty() ? since : round.now();
            var last = known.map(Measured::last);
            var looks = round.looks(check, candidate, stable, last.orElse(Instant.MIN));
            var newest = looks.isEmpty()
                    ? last.orElse(entered)
                    : looks.get(looks.size() - 1).tick();
            var sights = new Sights(
                    looks,
                    round.lost(check, candidate, stable, newest).orElse(null),
                    round.history(check, stable),
                    entered,
                    warmFrom(round, since),
                    judgedFrom(round, since),
                    rung.weight() <= round.plan().climb().first(100).weight(),
                    share(round, new TrafficSplit(stable, candidate, rung.weight())),
                    round.world().readyPods(candidate),
                    round.world().readyPods(stable),
                    round.plan().analysis().interval(),
                    round.now());
            var itsSource = source.or(() -> known.map(Measured::check)).orElseGet(check::identity);
            folded.put(check.name(), check.measured(known.orElse(null), sights).of(itsSource));
        }
        return new Measurements(folded);
    }

    /** Nothing is due where the route shares its traffic otherwise. */
    private static double share(Round round, TrafficSplit split) {
        return round.world().route().serves(split) ? Math.min(split.weightOf(split.candidate()), 99) / 100.0 : 0;
    }

    private static Instant warmFrom(Round round, Instant since) {
        return since.plus(round.plan().analysis().warmup());
    }

    /** Readings before the gateway served this rung, or within the warm-up, prove no safety. */
    private static Instant judgedFrom(Round round, Instant since) {
        var programmed = round.world().route().programmedSince();
        var warm = warmFrom(round, since);
        if (programmed == null) {
            return Instant.MAX;
        }
        return programmed.isAfter(warm) ? programmed : warm;
    }

    /**
     * Not what a clock that ran ahead has dated: all that is read now would count as older. One interval ahead is where the
     * next window begins after a sum has fallen.
     */
    private Optional<Measured> known(Round round, NamedCheck check, Optional<String> source) {
        var latest = round.now().plus(round.plan().analysis().interval());
        return Optional.ofNullable(byCheck.get(check.name()))
                .filter(measured -> !measured.last().isAfter(latest))
                .filter(measured -> source.map(measured.check()::equals).orElseGet(() -> measured.isOf(check)));
    }

    /**
     * What to ask: each check at each tick; the left end of each window that is open, which another process has seen
     * perhaps; stable's past for a check before its first window.
     */
    Wanted wanted(Round round, String candidate, String stable) {
        var everyTick = new HashSet<Question>();
        var leftEnds = new HashSet<Asked>();
        var history = new HashSet<Question>();
        var longest = Windows.longest(round.plan().analysis().interval());
        for (var check : round.plan().analysis().checks()) {
            var ofStable = round.questions(check, stable);
            var ofCandidate = round.questions(check, candidate);
            everyTick.addAll(ofStable);
            everyTick.addAll(ofCandidate);
            if (check.form() == Form.COUNTERS) {
                var begun = known(round, check, round.source(check, candidate, stable))
                        .filter(Measured::hasAny)
                        .map(Measured::last);
                begun.filter(round.now().minus(longest)::isBefore).ifPresent(last -> {
                    ofStable.forEach(question -> leftEnds.add(new Asked(question, last)));
                    ofCandidate.forEach(question -> leftEnds.add(new Asked(question, last)));
                });
                history.addAll(begun.isEmpty() ? ofStable : List.of());
            }
        }
        return new Wanted(everyTick, leftEnds, history);
    }

    /** Whether nothing of what was measured belongs to the check that the way of the weight follows, as it is now. */
    boolean beginAnew(Round round, String candidate, String stable) {
        var followed = round.plan().climb().follows();
        return !byCheck.isEmpty()
                && round.plan().analysis().checks().stream()
                        .filter(check -> followed.filter(check.name()::equals).isPresent())
                        .anyMatch(check -> known(round, check, round.source(check, candidate, stable))
                                .isEmpty());
    }

    /** What it says of the plan's checks. */
    public Findings findings(RolloutPlan plan) {
        return Findings.of(plan.analysis().checks(), byCheck);
    }

    /** What a rise from one rung to another needs; empty when nothing. */
    Optional<String> need(Round round, Rung rung, Rung next, Instant since) {
        var findings = round.findings();
        return findings.all().stream()
                .flatMap(finding -> need(round, finding, rung, next, since)
                        .map(need -> "check " + finding.check().name() + " needs " + need)
                        .stream())
                .findFirst()
                .or(() -> findings.harm().forbidsRise()
                        ? Optional.of("the evidence of harm, "
                                + Numbers.percent(findings.harm().progress())
                                + ", has to fall below half of what rolls back")
                        : round.plan().climb().missing(rung, next, findings));
    }

    private static Optional<String> need(Round round, Finding finding, Rung rung, Rung next, Instant since) {
        var oldest = round.now().minus(round.plan().analysis().freshness());
        if (finding.measured().last().isBefore(oldest)) {
            return Optional.of("a new reading");
        }
        var check = finding.check();
        var mustBeSafe = round.plan().climb().needsProof(rung, next) || check.isNeededForEachRise();
        return finding.verdict()
                .<Optional<String>>fold(
                        Optional::empty,
                        undecided -> mustBeSafe ? Optional.of(undecided.need()) : Optional.empty(),
                        harmful -> Optional.of("to be within its limits"),
                        blind -> Optional.of("an answer"))
                .or(() -> check.missing(finding.measured(), judgedFrom(round, since)));
    }

    /** What is known of the metrics; null before every check was answered. */
    @Nullable
    Sight sight(Round round) {
        if (round.plan().analysis().checks().isEmpty()) {
            return Sight.NOT_ASKED;
        }
        var blind = round.findings().blind().flatMap(Finding::blindness);
        if (blind.isPresent()) {
            return new Sight(true, blind.get());
        }
        return byCheck.values().stream().allMatch(Measured::hasAny) ? Sight.ANSWERED : null;
    }
}
