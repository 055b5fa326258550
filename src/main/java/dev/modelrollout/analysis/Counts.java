package dev.modelrollout.analysis;

import java.util.Optional;

/**
 * The bad events among all events of one version in one window, or in several. Not whole where a counter is not.
 *
 * @param bad finite, 0..total
 * @param total finite
 */
public record Counts(double bad, double total) {

    /** No event at all. */
    public static final Counts NONE = new Counts(0, 0);

    /** Bad and total are scraped together, but not counted together: so much more bad than total is rounding. */
    private static final double SKEW = 0.01;

    public Counts {
        if (!(bad >= 0 && bad <= total && Double.isFinite(total))) {
            throw new IllegalArgumentException(bad + " bad of " + total + " is no count");
        }
    }

    /** These counts, {@code bad} cut to {@code total} when up to 1 % above it; empty when they are no counts. */
    public static Optional<Counts> cut(double bad, double total) {
        var isCount = bad >= 0 && bad <= total * (1 + SKEW) && Double.isFinite(total);
        return isCount ? Optional.of(new Counts(Math.min(bad, total), total)) : Optional.empty();
    }

    /** Whether nothing happened. */
    public boolean isEmpty() {
        return total == 0;
    }

    /** The share of bad events, 0..1; 0 of nothing. */
    public double share() {
        return isEmpty() ? 0 : bad / total;
    }

    /** The same, where what is counted was good. */
    public Counts turned() {
        return new Counts(total - bad, total);
    }

    Scores scores(double squares) {
        return new Scores(bad, squares, total);
    }

    /** Whether the sum is a finite number. */
    public boolean canAdd(Counts other) {
        return Double.isFinite(total + other.total);
    }

    /** All of both, which {@link #canAdd} allows. */
    public Counts plus(Counts other) {
        return new Counts(bad + other.bad, total + other.total);
    }

    Counts dividedBy(double divisor) {
        return new Counts(bad / divisor, total / divisor);
    }

    /** The share with half a bad event in one more event: never 0, never 1. */
    double smoothedShare() {
        return (bad + 0.5) / (total + 1);
    }
}
