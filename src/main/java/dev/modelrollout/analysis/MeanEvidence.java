package dev.modelrollout.analysis;

import java.util.Optional;

/**
 * All that a test of scores remembers: O(1), plain numbers, restored exactly by its constructor.
 *
 * @param candidate all scores so far
 * @param stable all scores so far
 */
public record MeanEvidence(Stakes stakes, Scores candidate, Scores stable, DesignEffect designEffect) {

    private static final double LEAST_VARIANCE = 1e-6;

    public MeanEvidence {
        if (!isSound(stakes, designEffect)) {
            throw new IllegalArgumentException("evidence of scores that holds a number which cannot be");
        }
    }

    static MeanEvidence none(int bets) {
        return new MeanEvidence(Stakes.equal(bets), Scores.NONE, Scores.NONE, DesignEffect.NONE_SEEN);
    }

    /** The logarithm of the evidence against the null. */
    public double logE() {
        return stakes.logE();
    }

    /** With a window in which both have scores; empty when a result would not be finite. */
    Optional<MeanEvidence> after(Stakes paid, Scores candidateWindow, Scores stableWindow) {
        if (!candidate.canAdd(candidateWindow) || !stable.canAdd(stableWindow)) {
            return Optional.empty();
        }
        var allOfCandidate = candidate.plus(candidateWindow);
        var allOfStable = stable.plus(stableWindow);
        var variance = varianceOfMean(allOfCandidate, candidateWindow) + varianceOfMean(allOfStable, stableWindow);
        var effect = designEffect.after(candidateWindow.mean() - stableWindow.mean(), variance);
        return isSound(paid, effect)
                ? Optional.of(new MeanEvidence(paid, allOfCandidate, allOfStable, effect))
                : Optional.empty();
    }

    private static double varianceOfMean(Scores all, Scores window) {
        return Math.max(all.variance(), LEAST_VARIANCE) / window.count();
    }

    private static boolean isSound(Stakes stakes, DesignEffect effect) {
        return stakes.isSound() && effect.isFinite();
    }
}
