package dev.modelrollout.analysis;

import java.util.Optional;

/**
 * What the windows so far teach about the scores of the next one.
 *
 * @param candidate all scores of windows in which both versions had some
 * @param stable all scores of the same windows
 */
public record ScoreHistory(Scores candidate, Scores stable, DesignEffect designEffect) {

    /** Before the first window. */
    public static final ScoreHistory NONE = new ScoreHistory(Scores.NONE, Scores.NONE, DesignEffect.NONE_SEEN);

    private static final double LEAST_VARIANCE = 1e-6;

    public ScoreHistory {
        if (!designEffect.isFinite()) {
            throw new IllegalArgumentException("a history of scores that holds a number which cannot be");
        }
    }

    /** With one more window; empty when a result would not be finite. */
    public Optional<ScoreHistory> after(Scores candidateWindow, Scores stableWindow) {
        if (candidateWindow.isEmpty() || stableWindow.isEmpty()) {
            return Optional.of(this);
        }
        if (!candidate.canAdd(candidateWindow) || !stable.canAdd(stableWindow)) {
            return Optional.empty();
        }
        var allOfCandidate = candidate.plus(candidateWindow);
        var allOfStable = stable.plus(stableWindow);
        var variance = varianceOfMean(allOfCandidate, candidateWindow) + varianceOfMean(allOfStable, stableWindow);
        var effect = designEffect.after(candidateWindow.mean() - stableWindow.mean(), variance);
        return effect.isFinite()
                ? Optional.of(new ScoreHistory(allOfCandidate, allOfStable, effect))
                : Optional.empty();
    }

    private static double varianceOfMean(Scores all, Scores window) {
        return Math.max(all.variance(), LEAST_VARIANCE) / window.count();
    }

    /** The same windows with stable in the candidate's place; how differences scatter is the same both ways. */
    ScoreHistory turned() {
        return new ScoreHistory(/* candidate= */ stable, /* stable= */ candidate, designEffect);
    }
}
