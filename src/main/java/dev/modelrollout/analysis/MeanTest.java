package dev.modelrollout.analysis;

import java.util.List;
import java.util.Optional;

/**
 * Whether the candidate's mean badness is above rho times stable's, plus delta. The null says it is not.
 *
 * <p>An empirical-Bernstein supermartingale on a grid of bets lambda (Howard, Ramdas, McAuliffe and Sekhon, Ann.
 * Statist. 49, 2021, with psi_E(lambda) = -ln(1-lambda) - lambda; Waudby-Smith and Ramdas, JRSS B 86, 2024). One score
 * of the candidate weighs lambda_c, one of stable lambda_s = lambda_c rho n_c / n_s, so that the baseline cancels.
 *
 * @param rho at least 0
 * @param delta a mean, 0..1
 */
public record MeanTest(double rho, double delta) {

    private static final List<Double> LAMBDAS = List.of(.05, .1, .2, .4, .8);
    private static final double LARGEST_GAIN = 4;

    public MeanTest {
        if (!(rho >= 0 && delta >= 0 && delta <= 1) || !Double.isFinite(rho)) {
            throw new IllegalArgumentException("no border: rho " + rho + ", delta " + delta);
        }
    }

    /** One window with what was known before it. */
    private record Wager(MeanTest border, Scores candidate, Scores stable, MeanEvidence before) {

        private double gain(double lambda) {
            var g = border.rho * candidate.count() / stable.count();
            var ofCandidate = lambda * (g > 1 ? 1 / g : 1);
            var ofStable = ofCandidate * g;
            var gain = ofCandidate * (candidate.sum() - candidate.count() * border.delta)
                    - ofStable * stable.sum()
                    - price(ofCandidate) * spread(candidate, before.candidate())
                    - price(ofStable) * spread(stable, before.stable());
            return Math.min(gain / before.designEffect().value(), LARGEST_GAIN);
        }

        private static double price(double lambda) {
            return -Math.log1p(-lambda) - lambda;
        }

        private static double spread(Scores window, Scores seen) {
            return window.squaresAround(seen.smoothedMean());
        }
    }

    /** Before the first window. */
    public MeanEvidence start() {
        return MeanEvidence.none(LAMBDAS.size());
    }

    /**
     * The evidence with one more window; unchanged when either version has no score in it. Empty when a result would
     * not be finite; then what was known before still holds.
     */
    public Optional<MeanEvidence> after(MeanEvidence before, Scores candidate, Scores stable) {
        if (candidate.isEmpty() || stable.isEmpty()) {
            return Optional.of(before);
        }
        var wager = new Wager(this, candidate, stable, before);
        return before.after(before.stakes().plus(LAMBDAS, wager::gain), candidate, stable);
    }
}
