package dev.modelrollout.analysis;

import java.util.Optional;

/**
 * All that a test of scores remembers: O(1), plain numbers, restored exactly by its constructor.
 *
 * @param candidate all scores so far
 * @param stable all scores so far
 * @param squares sum of squared standardised differences of the window means around their running mean (F)
 * @param windows how many there are, with those of the prior (G), above 0
 * @param differences sum of the differences, each over its variance
 * @param weights sum of the inverse variances
 */
public record MeanEvidence(
        Stakes stakes,
        Scores candidate,
        Scores stable,
        double squares,
        double windows,
        double differences,
        double weights) {

    private static final double PRIOR_WINDOWS = 10;
    private static final double LARGEST_TERM = 16;
    private static final double LEAST_VARIANCE = 1e-6;

    public MeanEvidence {
        if (!isSound(stakes, squares, windows, differences, weights)) {
            throw new IllegalArgumentException("evidence of scores that holds a number which cannot be");
        }
    }

    static MeanEvidence none(int bets) {
        return new MeanEvidence(Stakes.equal(bets), Scores.NONE, Scores.NONE, PRIOR_WINDOWS, PRIOR_WINDOWS, 0, 0);
    }

    /** The logarithm of the evidence against the null. */
    public double logE() {
        return stakes.logE();
    }

    /** How many scores are worth one independent one, at least 1. */
    double designEffect() {
        return Math.max(1, squares / windows);
    }

    Optional<MeanEvidence> with(Stakes paid, Scores candidateWindow, Scores stableWindow) {
        var counted = Double.isFinite(candidate.count() + candidateWindow.count())
                && Double.isFinite(stable.count() + stableWindow.count());
        return counted
                ? with(paid, candidateWindow, stableWindow, candidate.plus(candidateWindow), stable.plus(stableWindow))
                : Optional.empty();
    }

    private Optional<MeanEvidence> with(
            Stakes paid, Scores candidateWindow, Scores stableWindow, Scores allOfCandidate, Scores allOfStable) {
        var variance = varianceOfMean(allOfCandidate, candidateWindow) + varianceOfMean(allOfStable, stableWindow);
        var difference = candidateWindow.mean() - stableWindow.mean();
        var nextDifferences = differences + difference / variance;
        var nextWeights = weights + 1 / variance;
        var before = difference - (weights > 0 ? differences / weights : 0);
        var after = difference - nextDifferences / nextWeights;
        var nextSquares = squares + Math.min(before * after / variance, LARGEST_TERM);
        return isSound(paid, nextSquares, windows + 1, nextDifferences, nextWeights)
                ? Optional.of(new MeanEvidence(
                        paid, allOfCandidate, allOfStable, nextSquares, windows + 1, nextDifferences, nextWeights))
                : Optional.empty();
    }

    private static double varianceOfMean(Scores all, Scores window) {
        return Math.max(all.variance(), LEAST_VARIANCE) / window.count();
    }

    private static boolean isSound(Stakes stakes, double squares, double windows, double differences, double weights) {
        return stakes.isSound()
                && Double.isFinite(squares)
                && windows > 0
                && Double.isFinite(windows)
                && Double.isFinite(differences)
                && weights >= 0
                && Double.isFinite(weights);
    }
}
