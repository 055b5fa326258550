package dev.modelrollout.analysis;

import java.util.function.DoublePredicate;

/** A closed range of values that the data do not exclude; {@code low <= high}. */
public record Interval(double low, double high) {

    private static final double SMALLEST = 1e-300;
    private static final double LARGEST = 1 - 1e-16;
    private static final double LOG_ARCSINE = 2 * LogGamma.of(0.5) - LogGamma.of(1);

    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("no interval from " + low + " to " + high);
        }
    }

    /**
     * The shares of bad events that such counts do not exclude, whenever one looks: a share is excluded once the
     * likelihood of the counts, mixed over all shares with a Beta(1/2, 1/2) prior, is 1/alpha times its own (Robbins,
     * Ann. Math. Statist. 41, 1970). Misses the true share with probability alpha at most, for independent events.
     *
     * @param counts already divided by what burstiness is worth
     * @param alpha above 0, below 1
     */
    public static Interval ofShare(Counts counts, double alpha) {
        if (counts.isEmpty()) {
            return new Interval(0, 1);
        }
        var share = counts.share();
        var mixed = logMixed(counts);
        DoublePredicate isExcluded = p -> mixed - logLikelihood(counts, p) >= -Math.log(alpha);
        var low = counts.bad() <= 0 ? 0 : border(SMALLEST, share, isExcluded);
        var high = counts.bad() >= counts.total() ? 1 : border(LARGEST, Math.max(share, SMALLEST), isExcluded);
        return new Interval(low, high);
    }

    private static double logMixed(Counts counts) {
        return LogGamma.of(counts.bad() + 0.5)
                + LogGamma.of(counts.total() - counts.bad() + 0.5)
                - LogGamma.of(counts.total() + 1)
                - LOG_ARCSINE;
    }

    private static double logLikelihood(Counts counts, double p) {
        return term(counts.bad(), Math.log(p)) + term(counts.total() - counts.bad(), Math.log1p(-p));
    }

    private static double term(double events, double log) {
        return events > 0 ? events * log : 0;
    }

    /** Where between the two ends exclusion begins, by halving down to neighbouring doubles. */
    private static double border(double excluded, double included, DoublePredicate isExcluded) {
        var outer = excluded;
        var inner = included;
        for (var middle = (outer + inner) / 2; middle != outer && middle != inner; middle = (outer + inner) / 2) {
            if (isExcluded.test(middle)) {
                outer = middle;
            } else {
                inner = middle;
            }
        }
        return (outer + inner) / 2;
    }
}
