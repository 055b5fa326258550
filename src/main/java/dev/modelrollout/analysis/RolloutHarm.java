package dev.modelrollout.analysis;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The evidence of harm of all checks as one. The arithmetic mean of e-values is an e-value whatever their dependence
 * (Vovk and Wang, Ann. Statist. 49, 2021), so any number of checks costs no more than alpha.
 *
 * @param checks what each test says, by name of its check
 */
public record RolloutHarm(SortedMap<String, List<HarmEvidence>> checks) {

    private static final double WORRYING = 0.5;

    public RolloutHarm {
        checks = Collections.unmodifiableSortedMap(new TreeMap<>(checks));
    }

    /** Of these checks, in any order. */
    public static RolloutHarm of(Map<String, List<HarmEvidence>> checks) {
        return new RolloutHarm(new TreeMap<>(checks));
    }

    /** H, a natural logarithm; minus infinity without any test. What is shared with stable counts as no evidence. */
    public double logE() {
        return LogSumExp.mean(tests().map(RolloutHarm::own).toList());
    }

    /** Whether the candidate has to go. */
    public boolean isProven() {
        return Certainty.OF_HARM.isReachedBy(logE());
    }

    /** How far it is from proven, 0..1. */
    public double progress() {
        return Certainty.OF_HARM.progress(logE());
    }

    /** Whether the weight may not rise: half the way to proven, on the scale of logarithms. */
    public boolean forbidsRise() {
        return progress() >= WORRYING;
    }

    /** The checks to blame once harm is proven: each that would prove it alone, else the one with most evidence. */
    public List<String> causes() {
        if (!isProven()) {
            return List.of();
        }
        var alone = checks.keySet().stream().filter(this::provesAlone).toList();
        return alone.isEmpty() ? List.of(strongest()) : alone;
    }

    /** The checks whose limit both versions are beyond, so that taking the candidate back would not mend it. */
    public List<String> sharedCauses() {
        return checks.keySet().stream()
                .filter(check -> ofCheck(check).anyMatch(harm -> harm.shared() && isEnoughAlone(harm.logE())))
                .toList();
    }

    private boolean provesAlone(String check) {
        return isEnoughAlone(most(check));
    }

    private boolean isEnoughAlone(double evidence) {
        return Certainty.OF_HARM.isReachedBy(
                evidence - Math.log(tests().toList().size()));
    }

    private String strongest() {
        return Collections.max(checks.keySet(), Comparator.comparingDouble(this::most));
    }

    private double most(String check) {
        return ofCheck(check).mapToDouble(RolloutHarm::own).max().orElse(Double.NEGATIVE_INFINITY);
    }

    private Stream<HarmEvidence> ofCheck(String check) {
        return checks.getOrDefault(check, List.of()).stream();
    }

    private Stream<HarmEvidence> tests() {
        return checks.values().stream().flatMap(List::stream);
    }

    private static double own(HarmEvidence harm) {
        return harm.shared() ? Double.NEGATIVE_INFINITY : harm.logE();
    }
}
