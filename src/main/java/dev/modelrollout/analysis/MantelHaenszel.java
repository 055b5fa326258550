package dev.modelrollout.analysis;

/**
 * How many times as bad as stable the candidate is, over windows of any size and any baseline (Mantel and Haenszel,
 * J. Natl. Cancer Inst. 22, 1959; variance of its logarithm by Greenland and Robins, Biometrics 41, 1985).
 *
 * @param candidate sum of k_c n_s / N, from one half
 * @param stable sum of k_s n_c / N, from one half
 * @param variance sum of K n_c n_s / N^2
 */
public record MantelHaenszel(double candidate, double stable, double variance) {

    static final MantelHaenszel EVEN = new MantelHaenszel(0.5, 0.5, 0);

    /** The ratio, above 0; 1 before the first bad event. */
    public double ratio() {
        return candidate / stable;
    }

    /** Variance of the ratio's logarithm, were the requests independent. */
    double logVariance() {
        return (variance + 0.25) / candidate / stable;
    }

    /** The candidate's expected part of all bad events when both have so many events, 0..1. */
    double shareOfBad(double candidates, double stables) {
        var weighted = ratio() * candidates;
        return weighted / (weighted + stables);
    }

    MantelHaenszel plus(Counts c, Counts s) {
        var all = c.total() + s.total();
        var partOfCandidate = c.total() / all;
        var partOfStable = s.total() / all;
        return new MantelHaenszel(
                candidate + c.bad() * partOfStable,
                stable + s.bad() * partOfCandidate,
                variance + (c.bad() + s.bad()) * partOfCandidate * partOfStable);
    }

    boolean isFinite() {
        return Double.isFinite(ratio()) && ratio() > 0 && Double.isFinite(variance) && variance >= 0;
    }
}
