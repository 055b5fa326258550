package dev.modelrollout.analysis;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether the candidate's mean badness is above rho times stable's, plus delta. The null says it is not.
 *
 * <p>An empirical-Bernstein supermartingale on a grid of bets lambda (Howard, Ramdas, McAuliffe and Sekhon, Ann.
 * Statist. 49, 2021, with psi_E(lambda) = -ln(1-lambda) - lambda; Waudby-Smith and Ramdas, JRSS B 86, 2024). One score
 * of the candidate weighs lambda_c, one of stable lambda_s = lambda_c rho n_c / n_s, so that the baseline cancels.
 *
 * @param rho at least 0
 * @param delta a difference of means, -1..1; below 0 the candidate has to be better
 */
public record MeanTest(double rho, double delta) {

    private static final List<Double> LAMBDAS = List.of(.05, .1, .2, .4, .8);
    private static final double LARGEST_GAIN = 4;

    public MeanTest {
        if (!(rho >= 0 && Math.abs(delta) <= 1) || !Double.isFinite(rho)) {
            throw new IllegalArgumentException("no border: rho " + rho + ", delta " + delta);
        }
    }

    /** One window with what was known before it. */
    private record Wager(MeanTest border, Scores candidate, Scores stable, ScoreHistory before) {

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
    public static Stakes start() {
        return Stakes.equal(LAMBDAS.size());
    }

    /** The capital after one window; unchanged when either version has no score in it. */
    public Stakes after(Stakes before, Scores candidate, Scores stable, ScoreHistory seen) {
        return candidate.isEmpty() || stable.isEmpty()
                ? before
                : before.plus(LAMBDAS, new Wager(this, candidate, stable, seen)::gain);
    }

    /** How many such windows the best bet needs until its capital has this logarithm; infinite when it never will. */
    double windows(double logE, Stakes before, Scores candidate, Scores stable, ScoreHistory seen) {
        var wager = new Wager(this, candidate, stable, seen);
        return IntStream.range(0, LAMBDAS.size())
                .filter(i -> wager.gain(LAMBDAS.get(i)) > 0)
                .mapToDouble(i -> Math.max(0, logE - before.logs().get(i)) / wager.gain(LAMBDAS.get(i)))
                .min()
                .orElse(Double.POSITIVE_INFINITY);
    }
}
