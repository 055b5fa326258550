package dev.modelrollout.analysis;

import java.util.List;
import java.util.Optional;

/**
 * What is believed of the noise before the first window of a rollout.
 *
 * @param pair of candidate against stable
 * @param solo of one version against its own past
 */
public record NoisePrior(Prior pair, Prior solo) {

    /** Without history: slower to decide than most traffic deserves, but safe. */
    public static final NoisePrior CAUTIOUS = same(new Prior(0.2, 0.3, 10));

    private static final int LEAST_WINDOWS = 60;
    private static final Prior OPEN = new Prior(0.1, 0, 1);
    private static final double LEAST_PHI = 0.01;
    private static final double WEIGHT = 30;

    /** One belief of both. */
    public static NoisePrior same(Prior prior) {
        return new NoisePrior(prior, prior);
    }

    /**
     * What stable's own past tells, window by window in order: its halves are compared like candidate and stable.
     * Empty with fewer than 60 windows in which both halves had traffic, and when the sums of all are beyond any number.
     */
    public static Optional<NoisePrior> fromHistory(List<Halves> past) {
        return past.stream().filter(Halves::areComparable).count() < LEAST_WINDOWS ? Optional.empty() : learned(past);
    }

    private static Optional<NoisePrior> learned(List<Halves> past) {
        var pair = PairNoise.of(OPEN);
        var solo = SoloNoise.of(OPEN);
        for (var halves : past) {
            if (!solo.seen().canAdd(halves.one())) {
                return Optional.empty();
            }
            pair = pair.after(halves.one(), halves.other());
            solo = solo.after(halves.one());
        }
        return pair.isFinite() && solo.dispersion().isFinite()
                ? Optional.of(new NoisePrior(belief(pair.dispersion()), belief(solo.dispersion())))
                : Optional.empty();
    }

    private static Prior belief(Dispersion seen) {
        var phi = Math.max(seen.uncorrected(), LEAST_PHI);
        return new Prior(phi, seen.correlation(phi), WEIGHT);
    }
}
