package dev.modelrollout.analysis;

import dev.modelrollout.analysis.Dispersion.Residual;

/** Noise of candidate against stable in the same window, so that drift common to both cancels. */
public record PairNoise(Dispersion dispersion, MantelHaenszel comparison) {

    static PairNoise of(Prior prior) {
        return new PairNoise(Dispersion.of(prior), MantelHaenszel.EVEN);
    }

    /** Unchanged by a window in which either had no traffic. */
    PairNoise after(Counts candidate, Counts stable) {
        if (candidate.isEmpty() || stable.isEmpty()) {
            return this;
        }
        var next = comparison.plus(candidate, stable);
        var bad = candidate.bad() + stable.bad();
        var before = comparison.shareOfBad(candidate.total(), stable.total());
        var after = next.shareOfBad(candidate.total(), stable.total());
        var variance = 2 * after * (1 - after) * bad;
        return new PairNoise(
                dispersion.after(
                        new Residual(candidate.bad() - before * bad, candidate.bad() - after * bad, variance, 0.5)),
                next);
    }

    boolean isFinite() {
        return dispersion.isFinite() && comparison.isFinite();
    }
}
