package dev.modelrollout.bench.decisions;

/**
 * What no test can do without: one that rolls back an equal candidate with probability alpha at most, at any time, needs
 * ln(1/alpha) / I requests in the mean for a bad one, where I is the information of a request against the null nearest
 * to the truth (Wald 1945; for a composite null: Farrell, Ann. Math. Statist. 35, 1964). For independent requests.
 */
public final class Bound {

    private static final double ALPHA = 0.01;
    private static final int HALVINGS = 100;

    private Bound() {}

    /**
     * Requests to the candidate. With each come (1-w)/w to stable.
     *
     * @param rho what the null tolerates, in stable's share; less than {@code ratio}
     */
    public static double requests(Cell cell, double ratio, double rho) {
        var stable = cell.stableShare();
        var candidate = ratio * stable;
        var stables = (1 - cell.traffic().share()) / cell.traffic().share();
        var low = stable;
        var high = candidate / rho;
        for (var i = 0; i < HALVINGS; i++) {
            var left = low + (high - low) / 3;
            var right = high - (high - low) / 3;
            if (information(candidate, stable, stables, rho, left)
                    < information(candidate, stable, stables, rho, right)) {
                high = right;
            } else {
                low = left;
            }
        }
        return -Math.log(ALPHA) / information(candidate, stable, stables, rho, low);
    }

    /** Requests to the candidate, whose share {@code candidate} is above the limit {@code max}; both 0..1. */
    public static double requests(double candidate, double max) {
        return -Math.log(ALPHA) / divergence(candidate, max);
    }

    /** Against a null in which stable's share is {@code q} and the candidate's {@code rho q}. */
    private static double information(double candidate, double stable, double stables, double rho, double q) {
        return divergence(candidate, rho * q) + stables * divergence(stable, q);
    }

    /** Of Kullback and Leibler, between a coin of probability p and one of q. */
    private static double divergence(double p, double q) {
        return p * Math.log(p / q) + (1 - p) * (Math.log1p(-p) - Math.log1p(-q));
    }
}
