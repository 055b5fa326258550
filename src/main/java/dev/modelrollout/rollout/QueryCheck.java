package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Evidence;
import dev.modelrollout.analysis.HarmEvidence;
import dev.modelrollout.analysis.PlainCheck;
import dev.modelrollout.analysis.Question.Form;
import dev.modelrollout.analysis.Reading;
import dev.modelrollout.analysis.RolloutHarm;
import dev.modelrollout.analysis.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One number per version and tick, held against limits. */
public record QueryCheck(String name, QueryTemplate query, PlainCheck rule, String identity) implements NamedCheck {

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
        return rule.limits().comparesWithStable();
    }

    @Override
    public boolean isNeededForEachRise() {
        return true;
    }

    @Override
    public Measured measured(@Nullable Measured known, Sights seen) {
        var newest = known == null
                ? Evidence.none(seen.since())
                : known.fold(evidence -> evidence, other -> Evidence.none(seen.since()));
        for (var look : seen.looks()) {
            var reading = new Reading(look.candidate().get(0), look.stable().get(0));
            newest = rule.fold(newest, reading, seen.judgedFrom());
        }
        return new Measured.OfQuery(identity, newest);
    }

    @Override
    public Verdict verdict(Measured measured, RolloutHarm harm) {
        return rule.verdict(evidence(measured));
    }

    @Override
    public List<HarmEvidence> harm(Measured measured) {
        return List.of();
    }

    @Override
    public Optional<Blindness> unfit(List<Answer> answers, boolean isCandidate) {
        var nothingIsFine = isCandidate || !comparesWithStable();
        return answers.get(0)
                .<Optional<Blindness>>fold(
                        value -> Optional.empty(), counters -> Optional.of(Blindness.WRONG_TYPE), Optional::of)
                .filter(why -> !(nothingIsFine && why == Blindness.NO_DATA));
    }

    @Override
    public Optional<String> remedy(List<Answer> answers) {
        return Optional.empty();
    }

    @Override
    public String numbers(Measured measured, String candidate, String stable) {
        var evidence = evidence(measured);
        return candidate + " " + Numbers.text(evidence.candidate()) + ", " + stable + " "
                + Numbers.text(evidence.stable());
    }

    @Override
    public String support(Measured measured, String candidate, String stable) {
        var evidence = evidence(measured);
        return Numbers.text(evidence.candidate()) + " against " + Numbers.text(evidence.stable()) + " of " + stable
                + ", within limits " + evidence.within() + " times in a row";
    }

    @Override
    public String breach(Measured measured, String candidate, String stable) {
        return numbers(measured, candidate, stable) + "; limit: " + Numbers.text(rule.limits()) + ", beyond it for "
                + evidence(measured).beyond() + " readings in a row";
    }

    @Override
    public Optional<Duration> timeToSafe(Measured measured) {
        return Optional.empty();
    }

    @Override
    public double safety(Measured measured) {
        return 0;
    }

    @Override
    public Reason failure(Measured measured) {
        return Reason.CHECK_FAILED;
    }

    @Override
    public Optional<String> missing(Measured measured, int weight, Instant judgedFrom) {
        return Optional.empty();
    }

    private static Evidence evidence(Measured measured) {
        return measured.fold(evidence -> evidence, other -> Evidence.none(other.last()));
    }
}
