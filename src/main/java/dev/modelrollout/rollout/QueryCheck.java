package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Forecast;
import dev.modelrollout.analysis.GaugeCheck;
import dev.modelrollout.analysis.GaugeEvidence;
import dev.modelrollout.analysis.HarmEvidence;
import dev.modelrollout.analysis.Question.Form;
import dev.modelrollout.analysis.Reading;
import dev.modelrollout.analysis.RolloutHarm;
import dev.modelrollout.analysis.Verdict;
import dev.modelrollout.rollout.Findings.Excess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One number per version and tick, held against limits and against stable's. */
public record QueryCheck(String name, QueryTemplate query, GaugeCheck rule, String identity) implements NamedCheck {

    @Override
    public List<QueryTemplate> queries() {
        return List.of(query);
    }

    @Override
    public Form form() {
        return Form.NUMBER;
    }

    @Override
    public boolean comparesWithStable() {
        return rule.comparesWithStable();
    }

    /** What is compared on evidence may take longer than a step, unless it has to be better. */
    @Override
    public boolean isNeededForEachRise() {
        return !rule.signs().compares() || rule.signs().demandsBetter();
    }

    @Override
    public Measured measured(@Nullable Measured known, Sights seen) {
        var newest = Optional.ofNullable(known)
                .flatMap(QueryCheck::evidence)
                .filter(rule::fits)
                .orElseGet(() -> rule.start(seen.since()));
        for (var look : seen.looks()) {
            var reading = new Reading(look.candidate().get(0), look.stable().get(0));
            newest = rule.fold(newest, reading, seen.judgedFrom());
        }
        var lost = seen.lost();
        return new Measured.OfQuery(identity, lost == null ? newest : newest.blind(lost.why()));
    }

    @Override
    public Verdict verdict(Measured measured, RolloutHarm harm) {
        return harm.causes().contains(name)
                ? new Verdict.Harmful(false)
                : evidence(measured).map(rule::verdict).orElseGet(() -> new Verdict.Undecided("a first reading"));
    }

    @Override
    public List<HarmEvidence> harm(Measured measured) {
        return evidence(measured).map(rule::harm).orElse(List.of());
    }

    @Override
    public Optional<Blindness> unfit(List<Answer> answers, boolean isCandidate, int ready) {
        var nothingIsFine = isCandidate || !comparesWithStable();
        return answers.get(0).whyNoNumber().filter(why -> !(nothingIsFine && why == Blindness.NO_DATA));
    }

    /** Two gauges may be equal. */
    @Override
    public boolean tellsApart(List<Answer> candidate, List<Answer> stable) {
        return true;
    }

    @Override
    public Optional<String> remedy(List<Answer> answers) {
        return Optional.empty();
    }

    @Override
    public String numbers(Measured measured, String candidate, String stable) {
        return evidence(measured)
                .map(GaugeEvidence::readings)
                .map(readings -> candidate + " " + Numbers.text(readings.candidate()) + ", " + stable + " "
                        + Numbers.text(readings.stable()))
                .orElse("nothing yet");
    }

    @Override
    public Optional<String> candidate(Measured measured) {
        return evidence(measured)
                .flatMap(seen -> Optional.ofNullable(seen.readings().candidate()))
                .map(Numbers::text);
    }

    @Override
    public Optional<String> stable(Measured measured) {
        return evidence(measured)
                .flatMap(seen -> Optional.ofNullable(seen.readings().stable()))
                .map(Numbers::text);
    }

    @Override
    public String support(Measured measured, String candidate, String stable) {
        return evidence(measured)
                .map(evidence -> Numbers.text(evidence.readings().candidate()) + " against "
                        + Numbers.text(evidence.readings().stable()) + " of " + stable + ", within limits "
                        + evidence.readings().within() + " times in a row"
                        + (rule.signs().compares()
                                ? ", " + Numbers.percent(rule.safety(evidence)) + " of the evidence that it is safe"
                                : ""))
                .orElse("nothing yet");
    }

    @Override
    public String breach(Measured measured, String candidate, String stable) {
        var beyond = evidence(measured).map(seen -> seen.readings().beyond()).orElse(0);
        return numbers(measured, candidate, stable) + "; limit: " + Numbers.text(rule)
                + (beyond < rule.plain().failures()
                        ? ", beyond it too often to be chance"
                        : ", beyond it for " + beyond + " readings in a row");
    }

    @Override
    public Optional<Duration> timeToSafe(Measured measured, Duration interval) {
        return evidence(measured)
                .map(rule::readingsToSafe)
                .flatMap(readings -> readings.isEmpty()
                        ? Optional.empty()
                        : Optional.of(interval.multipliedBy(readings.getAsLong())));
    }

    @Override
    public Optional<Forecast> forecast(List<List<Answer>> history, double share, Duration interval) {
        return Optional.empty();
    }

    @Override
    public double safety(Measured measured) {
        return evidence(measured).map(rule::safety).orElse(0.0);
    }

    @Override
    public Reason failure(Measured measured) {
        return Reason.CHECK_FAILED;
    }

    @Override
    public Optional<String> missing(Measured measured, Instant judgedFrom) {
        return evidence(measured)
                .map(evidence -> rule.plain().verdict(evidence.readings()))
                .flatMap(verdict -> verdict.fold(
                        Optional::empty,
                        undecided -> Optional.of(undecided.need()),
                        harmful -> Optional.empty(),
                        blind -> Optional.empty()));
    }

    /** It counts nothing. */
    @Override
    public Optional<Excess> excess(Measured measured) {
        return Optional.empty();
    }

    private static Optional<GaugeEvidence> evidence(Measured measured) {
        return measured.fold(Optional::of, other -> Optional.empty());
    }
}
