package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Evidence;
import dev.modelrollout.analysis.Verdict;
import dev.modelrollout.rollout.Decision.Sight;
import dev.modelrollout.rollout.RolloutPlan.NamedCheck;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was measured on a rung, and what it says about the candidate.
 *
 * @param byCheck by name of the check; empty before the first round on the rung
 */
public record Measurements(Map<String, Measured> byCheck) {

    static final Measurements NONE = new Measurements(Map.of());

    public Measurements {
        byCheck = Map.copyOf(byCheck);
    }

    /** What was within limits at another weight proves nothing at this one. */
    Measurements atNewWeight() {
        return new Measurements(byCheck.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> new Measured(
                                entry.getValue().check(),
                                entry.getValue().evidence().atNewWeight()))));
    }

    /** With this round's readings; nothing is kept of checks that the plan does not have, or not like this. */
    Measurements folded(Round round, String candidate, String stable, Instant since) {
        var judgedFrom = judgedFrom(round, since);
        var folded = new HashMap<String, Measured>();
        for (var check : round.plan().analysis().checks()) {
            var newest = known(check).orElseGet(() -> Evidence.none(byCheck.isEmpty() ? since : round.now()));
            for (var reading : round.readings(check, candidate, stable, newest.last())) {
                newest = check.rule().fold(newest, reading, judgedFrom);
            }
            folded.put(check.name(), new Measured(check.identity(), newest));
        }
        return new Measurements(folded);
    }

    /** Readings before the gateway served this rung, or within the warm-up, prove no safety. */
    private static Instant judgedFrom(Round round, Instant since) {
        var programmed = round.world().route().programmedSince();
        var warm = since.plus(round.plan().analysis().warmup());
        if (programmed == null) {
            return Instant.MAX;
        }
        return programmed.isAfter(warm) ? programmed : warm;
    }

    private Optional<Evidence> known(NamedCheck check) {
        return Optional.ofNullable(byCheck.get(check.name()))
                .filter(measured -> measured.check().equals(check.identity()))
                .map(Measured::evidence);
    }

    /** Those of the plan's checks, in its order. */
    public List<Map.Entry<NamedCheck, Measured>> checks(RolloutPlan plan) {
        return plan.analysis().checks().stream()
                .filter(check -> byCheck.containsKey(check.name()))
                .map(check -> Map.entry(check, of(check)))
                .toList();
    }

    private Measured of(NamedCheck check) {
        return Objects.requireNonNull(byCheck.get(check.name()));
    }

    /** The first check without a verdict to be had, and why. */
    Optional<Map.Entry<NamedCheck, Blindness>> blindness(RolloutPlan plan) {
        return first(
                plan,
                verdict -> verdict.fold(
                        Optional::empty,
                        undecided -> Optional.empty(),
                        harmful -> Optional.empty(),
                        blind -> Optional.of(blind.why())));
    }

    /** A check that the candidate fails and stable does not. */
    Optional<NamedCheck> ownHarm(RolloutPlan plan) {
        return first(plan, verdict -> harm(verdict).filter(harm -> !harm.shared()))
                .map(Map.Entry::getKey);
    }

    /** A check that both versions fail. */
    Optional<NamedCheck> sharedHarm(RolloutPlan plan) {
        return first(plan, verdict -> harm(verdict).filter(Verdict.Harmful::shared))
                .map(Map.Entry::getKey);
    }

    private static Optional<Verdict.Harmful> harm(Verdict verdict) {
        return verdict.fold(Optional::empty, undecided -> Optional.empty(), Optional::of, blind -> Optional.empty());
    }

    private <T> Optional<Map.Entry<NamedCheck, T>> first(RolloutPlan plan, Function<Verdict, Optional<T>> wanted) {
        return checks(plan).stream()
                .flatMap(entry -> wanted.apply(entry.getValue().verdict(entry.getKey())).stream()
                        .map(found -> Map.entry(entry.getKey(), found)))
                .findFirst();
    }

    /** What is missing for a rise; empty when every check is safe by a reading that is new enough. */
    Optional<String> need(RolloutPlan plan, Instant now) {
        var oldest = now.minus(plan.analysis().freshness());
        return plan.analysis().checks().stream()
                .flatMap(check -> need(check, oldest).map(need -> "check " + check.name() + " needs " + need).stream())
                .findFirst();
    }

    private Optional<String> need(NamedCheck check, Instant oldest) {
        var measured = of(check);
        if (measured.evidence().last().isBefore(oldest)) {
            return Optional.of("a new reading");
        }
        return measured.verdict(check)
                .fold(
                        Optional::<String>empty,
                        undecided -> Optional.of(undecided.need()),
                        harmful -> Optional.of("to be within its limits"),
                        blind -> Optional.of("an answer"));
    }

    /** What is known of the metrics; null before every check was answered. */
    @Nullable
    Sight sight(RolloutPlan plan) {
        if (plan.analysis().checks().isEmpty()) {
            return Sight.NOT_ASKED;
        }
        var blind = blindness(plan);
        if (blind.isPresent()) {
            return new Sight(true, blind.get().getValue());
        }
        return byCheck.values().stream()
                        .allMatch(measured -> measured.evidence().candidate() != null)
                ? Sight.ANSWERED
                : null;
    }

    /** For people: how far a check is beyond its limits. */
    String beyond(NamedCheck check, String candidate, String stable) {
        var evidence = of(check).evidence();
        return "check " + check.name() + ": " + candidate + " " + Numbers.text(evidence.candidate()) + ", " + stable
                + " " + Numbers.text(evidence.stable()) + "; limit: "
                + Numbers.text(check.rule().limits()) + ", beyond it for " + evidence.beyond() + " readings in a row";
    }

    /** For people: how well all checks are within their limits. */
    String within(RolloutPlan plan, String stable) {
        return checks(plan).stream()
                .map(entry -> within(entry.getKey(), entry.getValue().evidence(), stable))
                .collect(Collectors.joining("; "));
    }

    private static String within(NamedCheck check, Evidence evidence, String stable) {
        return check.name() + " " + Numbers.text(evidence.candidate()) + " against " + Numbers.text(evidence.stable())
                + " of " + stable + ", within limits " + evidence.within() + " times in a row";
    }
}
