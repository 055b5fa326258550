package dev.modelrollout.analysis;

/**
 * What one bad event multiplies a stake by, less 1. The subtraction is never carried out, so nothing cancels.
 *
 * @param candidate for a bad event of the candidate (a - 1), above -1
 * @param stable for one of stable (b - 1), above -1
 */
record Odds(double candidate, double stable) {

    /** The logarithm that so many bad events multiply the stake by; {@code tolerated} of the candidate's are due. */
    double gain(double candidateBad, double stableBad, double tolerated) {
        return candidateBad * Math.log1p(candidate) + stableBad * Math.log1p(stable) - tolerated * candidate;
    }

    /** Expected gain when the bet is right: D = mc(a ln a - a + 1) + ms(b ln b - b + 1). */
    double information(double candidateBad, double stableBad) {
        return candidateBad * divergence(candidate) + stableBad * divergence(stable);
    }

    /** Variance of the gain when both rates vary with a squared coefficient of 1. */
    double variance(double candidateBad, double stableBad) {
        return square(candidateBad * candidate) + square(stableBad * stable);
    }

    /** x ln x - x + 1 of x = 1 + excess: the divergence of two Poisson rates with this ratio. */
    private static double divergence(double excess) {
        return (1 + excess) * Math.log1p(excess) - excess;
    }

    private static double square(double x) {
        return x * x;
    }
}
