package dev.modelrollout.analysis;

/**
 * How many scores are worth one independent one, from how far the differences of the two window means scatter.
 *
 * @param squares sum of squared standardised differences around their running mean (F)
 * @param windows how many there are, with those of the prior (G), above 0
 * @param differences sum of the differences, each over its variance
 * @param weights sum of the inverse variances
 */
public record DesignEffect(double squares, double windows, double differences, double weights) {

    static final DesignEffect NONE_SEEN = new DesignEffect(10, 10, 0, 0);

    private static final double LARGEST_TERM = 16;

    /** At least 1. */
    double value() {
        return Math.max(1, squares / windows);
    }

    DesignEffect after(double difference, double variance) {
        var nextDifferences = differences + difference / variance;
        var nextWeights = weights + 1 / variance;
        var before = difference - (weights > 0 ? differences / weights : 0);
        var after = difference - nextDifferences / nextWeights;
        var square = Math.min(before * after / variance, LARGEST_TERM);
        return new DesignEffect(squares + square, windows + 1, nextDifferences, nextWeights);
    }

    boolean isFinite() {
        return Double.isFinite(value())
                && Double.isFinite(squares)
                && Double.isFinite(windows)
                && Double.isFinite(differences)
                && Double.isFinite(weights);
    }
}
