package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.RolloutHarm;
import dev.modelrollout.analysis.Verdict;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What all checks that were measured say together, in the order of the plan. */
public record Findings(List<Finding> all, RolloutHarm harm) {

    static final Findings NONE = of(List.of(), Map.of());

    /** One check, its evidence, and what that says. */
    public record Finding(NamedCheck check, Measured measured, Verdict verdict) {

        /** For people: what is beyond which limit. */
        String breach(String candidate, String stable) {
            return "check " + check.name() + ": " + check.breach(measured, candidate, stable);
        }

        Optional<Verdict.Harmful> harmful() {
            return verdict.fold(
                    Optional::empty, undecided -> Optional.empty(), Optional::of, blind -> Optional.empty());
        }

        /** How much of the evidence for a rollback there is, were this the only check; 0..1. */
        public double harm() {
            return RolloutHarm.of(Map.of(check.name(), check.harm(measured))).progress();
        }

        /** Whether requests like those so far would never show that it is safe. */
        boolean isOutOfReach() {
            var isUndecided = verdict.fold(() -> false, undecided -> true, harmful -> false, blind -> false);
            return isUndecided
                    && measured.fold(
                            readings -> false,
                            windows -> !windows.experience().candidate().seen().isEmpty()
                                    && check.timeToSafe(measured, Duration.ZERO).isEmpty());
        }

        boolean isSafe() {
            return verdict.fold(() -> true, undecided -> false, harmful -> false, blind -> false);
        }

        Optional<Blindness> blindness() {
            return verdict.fold(
                    Optional::empty,
                    undecided -> Optional.empty(),
                    harmful -> Optional.empty(),
                    blind -> Optional.of(blind.why()));
        }
    }

    /**
     * The upper end of the candidate's share of bad events, with 95 % confidence, less the share that was seen of stable.
     *
     * @param check which check bounds it so
     * @param share at most 1
     * @param windows how many were judged
     */
    public record Excess(String check, double share, int windows) {}

    public Findings {
        all = List.copyOf(all);
    }

    /** What belongs to a check that has been changed since says nothing. */
    static Findings of(List<NamedCheck> checks, Map<String, Measured> evidence) {
        var measured = checks.stream()
                .flatMap(check -> Optional.ofNullable(evidence.get(check.name())).stream()
                        .filter(its -> its.isOf(check))
                        .map(its -> Map.entry(check, its)))
                .toList();
        var harm = RolloutHarm.of(measured.stream()
                .collect(Collectors.toMap(
                        entry -> entry.getKey().name(), entry -> entry.getKey().harm(entry.getValue()))));
        return new Findings(
                measured.stream()
                        .map(entry -> new Finding(
                                entry.getKey(), entry.getValue(), entry.getKey().verdict(entry.getValue(), harm)))
                        .toList(),
                harm);
    }

    /** The first check without a verdict. */
    Optional<Finding> blind() {
        return all.stream().filter(finding -> finding.blindness().isPresent()).findFirst();
    }

    /** The largest excess over the checks that bound one; empty when none does. */
    Optional<Excess> excess() {
        return all.stream()
                .flatMap(finding -> finding.check().excess(finding.measured()).stream())
                .max(Comparator.comparingDouble(Excess::share));
    }

    /** By how much the candidate was better than stable at this weight, by this check; empty when not known. */
    Optional<Double> lead(String check) {
        return of(check)
                .filter(finding -> finding.blindness().isEmpty())
                .flatMap(finding -> finding.measured().lead().difference());
    }

    /** A difference as people read it in this check; a share unless it is known to be none. */
    String inUnitOf(String check, double difference) {
        return of(check)
                .map(finding -> finding.measured()
                        .fold(readings -> Numbers.text(difference), windows -> Numbers.percent(difference)))
                .orElseGet(() -> Numbers.percent(difference));
    }

    private Optional<Finding> of(String check) {
        return all.stream()
                .filter(finding -> finding.check().name().equals(check))
                .findFirst();
    }

    /** Whether there is nothing more to be known of any check. */
    boolean areAllSafe() {
        return all.stream().allMatch(Finding::isSafe);
    }

    /** The first check that the candidate fails and stable does not. */
    Optional<Finding> ownHarm() {
        return harmful(false);
    }

    /** The first check that both versions fail. */
    Optional<Finding> sharedHarm() {
        return harmful(true);
    }

    /** Whether the candidate fails a check, stable or not. */
    boolean hasHarm() {
        return ownHarm().or(this::sharedHarm).isPresent();
    }

    private Optional<Finding> harmful(boolean shared) {
        return all.stream()
                .filter(finding -> finding.harmful()
                        .filter(harm -> harm.shared() == shared)
                        .isPresent())
                .findFirst();
    }

    /** On what a rise rests, for people. */
    String support(String candidate, String stable) {
        return all.stream()
                .map(finding ->
                        finding.check().name() + " " + finding.check().support(finding.measured(), candidate, stable))
                .collect(Collectors.joining("; "));
    }
}
