package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Forecast;
import dev.modelrollout.analysis.HarmEvidence;
import dev.modelrollout.analysis.NoisePrior;
import dev.modelrollout.analysis.Question.Form;
import dev.modelrollout.analysis.RolloutHarm;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.analysis.SequentialEvidence;
import dev.modelrollout.analysis.Verdict;
import dev.modelrollout.rollout.Findings.Excess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shares of bad events, or scores, judged on evidence.
 *
 * @param perPod whether each ready pod has a counter of all events, so that a missing one is seen
 * @param needs what must run and be scraped for there to be counters, for people; empty when not known
 */
public record CountsCheck(
        String name, EventCounters counters, SequentialCheck rule, String identity, boolean perPod, String needs)
        implements NamedCheck {

    /** The part of the ready pods that has to have counters. */
    private static final double COVERED = 0.8;

    @Override
    public List<QueryTemplate> queries() {
        return counters.queries();
    }

    @Override
    public Form form() {
        return Form.COUNTERS;
    }

    @Override
    public boolean comparesWithStable() {
        return rule.comparesWithStable();
    }

    @Override
    public boolean isNeededForEachRise() {
        return rule.limits().stream()
                .anyMatch(limit -> limit.fold(max -> false, difference -> false, worse -> false, better -> true));
    }

    @Override
    public Measured measured(@Nullable Measured known, Sights seen) {
        var windows = new Windows(this, seen);
        var before = known == null
                ? windows.start()
                : known.fold(other -> windows.start(), evidence -> rule.fits(evidence) ? evidence : windows.start());
        return new Measured.OfCounts(identity, windows.folded(before));
    }

    @Override
    public Verdict verdict(Measured measured, RolloutHarm harm) {
        var evidence = evidence(measured);
        if (evidence.isEmpty()) {
            return new Verdict.Undecided("a first window");
        }
        if (harm.causes().contains(name)) {
            return new Verdict.Harmful(false);
        }
        return harm.sharedCauses().contains(name) ? new Verdict.Harmful(true) : rule.verdict(evidence.get());
    }

    @Override
    public List<HarmEvidence> harm(Measured measured) {
        return evidence(measured).map(rule::harm).orElse(List.of());
    }

    @Override
    public Optional<Blindness> unfit(List<Answer> answers, boolean isCandidate, int ready) {
        var seen = counters.observe(answers);
        return unfit(seen, isCandidate)
                .or(() -> hasNothing(seen) || covers(seen, ready) ? Optional.empty() : Optional.of(Blindness.COVERAGE));
    }

    /** Two versions that a gateway counts may both have had no request yet. */
    @Override
    public boolean tellsApart(List<Answer> candidate, List<Answer> stable) {
        var seen = counters.observe(candidate).counters();
        return seen == null
                || !seen.hasEvents()
                || !seen.equals(counters.observe(stable).counters());
    }

    private static boolean hasNothing(Observation seen) {
        return seen.counters() != null && seen.counters().instances().isEmpty();
    }

    /** Whether so many ready pods are not too many for these counters. */
    boolean covers(Observation seen, int ready) {
        return !perPod
                || (seen.counters() != null && seen.counters().instances().size() >= COVERED * ready);
    }

    static Optional<Blindness> unfit(Observation seen, boolean isCandidate) {
        if (seen.counters() == null) {
            return Optional.ofNullable(seen.why());
        }
        return seen.counters().instances().isEmpty() && !isCandidate
                ? Optional.of(Blindness.NO_DATA)
                : Optional.empty();
    }

    @Override
    public Optional<String> remedy(List<Answer> answers) {
        var seen = counters.observe(answers).counters();
        return seen != null && seen.instances().isEmpty()
                ? Optional.of("No series match "
                        + counters.queries().get(counters.queries().size() - 1).text()
                        + (needs.isEmpty() ? "" : "; it needs " + needs))
                : counters.remedy(answers);
    }

    @Override
    public String numbers(Measured measured, String candidate, String stable) {
        return evidence(measured)
                .map(evidence -> {
                    var seen = evidence.experience();
                    return candidate + " " + counters.text(seen.candidate().seen()) + ", " + stable + " "
                            + counters.text(seen.stable().seen());
                })
                .orElse("nothing yet");
    }

    @Override
    public Optional<String> candidate(Measured measured) {
        return begun(measured).map(seen -> counters.text(seen.experience()));
    }

    @Override
    public Optional<String> stable(Measured measured) {
        return begun(measured)
                .map(seen -> counters.text(seen.experience().stable().seen().share()));
    }

    @Override
    public String support(Measured measured, String candidate, String stable) {
        return evidence(measured)
                .map(evidence -> counters.text(evidence.experience()) + " against "
                        + counters.text(evidence.experience().stable().seen().share()) + " of " + stable
                        + ", " + Numbers.percent(rule.safety(evidence)) + " of the evidence that it is safe")
                .orElse("nothing yet");
    }

    @Override
    public String breach(Measured measured, String candidate, String stable) {
        return hasStopped(measured)
                ? candidate + " had requests and gets none any more, in two windows in which 10 or more were due"
                : numbers(measured, candidate, stable) + "; limit: " + limits();
    }

    private String limits() {
        return rule.limits().stream().map(counters::text).collect(Collectors.joining(", "));
    }

    @Override
    public Optional<Duration> timeToSafe(Measured measured, Duration interval) {
        return evidence(measured)
                .flatMap(evidence -> evidence.safe()
                        ? Optional.of(Duration.ZERO)
                        : rule.forecast(evidence).timeToSafe());
    }

    @Override
    public Optional<Forecast> forecast(List<List<Answer>> history, double share, Duration interval) {
        var past = new Past(this, history);
        var start = rule.start(Instant.EPOCH, past.noise().orElse(NoisePrior.CAUTIOUS));
        // How far the means of scores scatter is not known before the first windows of both.
        return start.scores() == null
                ? past.split(interval, share).map(window -> new Forecast(rule, start, window))
                : Optional.empty();
    }

    @Override
    public double safety(Measured measured) {
        return evidence(measured).map(rule::safety).orElse(0.0);
    }

    @Override
    public Reason failure(Measured measured) {
        return hasStopped(measured) ? Reason.TRAFFIC_MISSING : Reason.CHECK_FAILED;
    }

    @Override
    public Optional<String> missing(Measured measured, Instant judgedFrom) {
        return evidence(measured)
                        .map(SequentialEvidence::newest)
                        .filter(newest -> !newest.from().isBefore(judgedFrom))
                        .isPresent()
                ? Optional.empty()
                : Optional.of("a window at this weight");
    }

    @Override
    public Optional<Excess> excess(Measured measured) {
        return counters.countsFailures()
                ? evidence(measured)
                        .map(evidence -> new Excess(name, evidence.experience().worstExcess(), evidence.judged()))
                : Optional.empty();
    }

    private static boolean hasStopped(Measured measured) {
        return evidence(measured).filter(seen -> seen.presence().isMissing()).isPresent();
    }

    private static Optional<SequentialEvidence> begun(Measured measured) {
        return evidence(measured).filter(seen -> measured.hasAny());
    }

    static Optional<SequentialEvidence> evidence(Measured measured) {
        return measured.fold(other -> Optional.empty(), Optional::of);
    }
}
