package dev.modelrollout.analysis;

/**
 * What is believed of a stream's dispersion before it was seen.
 *
 * @param phi squared coefficient of variation beyond chance, at least 0
 * @param correlation of neighbouring windows, 0..0.9
 * @param windows how many windows it weighs, above 0 (nu)
 */
public record Prior(double phi, double correlation, double windows) {

    public Prior {
        if (!(phi >= 0 && correlation >= 0 && correlation <= 0.9 && windows > 0)
                || !Double.isFinite(phi)
                || !Double.isFinite(windows)) {
            throw new IllegalArgumentException(
                    "no prior: phi " + phi + ", correlation " + correlation + ", windows " + windows);
        }
    }
}
