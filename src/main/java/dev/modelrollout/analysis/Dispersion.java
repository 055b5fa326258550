package dev.modelrollout.analysis;

/**
 * How much burstier than independent requests a stream is: phi, the squared coefficient of variation that its rate has
 * beyond chance. A weighted mean of squared residuals (method of moments for overdispersed counts; Breslow 1984,
 * Appl. Statist. 33), raised for correlation of a window with the one before, like the variance of the mean of an
 * autoregressive series.
 *
 * @param assumed the phi that the weights of the windows are made for (f)
 * @param squares sum of weighted squared residuals less what chance explains (A)
 * @param weights sum of weights (B)
 * @param products sum of weighted products of neighbouring residuals (C)
 * @param lastResidual of the newest window, standardised; 0 when it had none
 * @param lastWeight of the newest window; 0 when it taught nothing
 */
public record Dispersion(
        double assumed, double squares, double weights, double products, double lastResidual, double lastWeight) {

    private static final double LEAST_ASSUMED = 0.02;
    private static final double LARGEST_TERM = 4;
    private static final double LARGEST_CORRELATION = 0.9;
    private static final double LARGEST_RAISE = 10;

    /**
     * How far a window is from what was expected of it.
     *
     * @param before bad events more than expected before the window
     * @param after bad events more than expected with what the window itself taught
     * @param variance that chance gives to their product, over {@code unit} (V)
     * @param unit share of the squared variance that phi multiplies (h)
     */
    record Residual(double before, double after, double variance, double unit) {

        private double standardised(double residual) {
            return residual / (Math.sqrt(unit) * variance);
        }

        /** o = f^2 V^3 / (1 + V(1+fV)^2), so written that no power overflows; few events teach nothing. */
        private double weight(double assumed) {
            var inverse = 1 / variance;
            var sum = inverse + assumed;
            return assumed * assumed / (inverse * inverse * inverse + sum * sum);
        }

        private double excess() {
            return standardised(before) * standardised(after) - 1 / variance;
        }
    }

    static Dispersion of(Prior prior) {
        return new Dispersion(
                Math.max(prior.phi(), LEAST_ASSUMED),
                prior.phi() * prior.windows(),
                prior.windows(),
                prior.phi() * prior.correlation() * prior.windows(),
                0,
                0);
    }

    /** phi, raised for correlation up to tenfold; not negative. */
    public double phi() {
        var r = correlation(uncorrected());
        return uncorrected() * Math.min((1 + r) / (1 - r), LARGEST_RAISE);
    }

    /** phi before it is raised. */
    double uncorrected() {
        return Math.max(squares / weights, 0);
    }

    /** Correlation of neighbouring windows at this phi, 0..0.9. */
    double correlation(double phi) {
        return phi > 0 ? clip(products / weights / phi, 0, LARGEST_CORRELATION) : 0;
    }

    Dispersion after(Residual residual) {
        if (!(residual.variance() > 0)) {
            return new Dispersion(assumed, squares, weights, products, 0, 0);
        }
        var weight = residual.weight(assumed);
        var newest = residual.standardised(residual.before());
        return new Dispersion(
                assumed,
                squares + weight * clip(residual.excess(), -LARGEST_TERM, LARGEST_TERM),
                weights + weight,
                products + Math.sqrt(weight * lastWeight) * clip(newest * lastResidual, -LARGEST_TERM, LARGEST_TERM),
                newest,
                weight);
    }

    boolean isFinite() {
        return Double.isFinite(phi())
                && Double.isFinite(assumed)
                && Double.isFinite(squares)
                && Double.isFinite(weights)
                && Double.isFinite(products)
                && Double.isFinite(lastResidual)
                && Double.isFinite(lastWeight);
    }

    private static double clip(double x, double low, double high) {
        return Math.min(Math.max(x, low), high);
    }
}
