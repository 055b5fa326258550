package dev.modelrollout.analysis;

/**
 * How many times as bad as stable the candidate is, for people; nothing is decided on it.
 *
 * @param value above 0
 * @param interval around it
 */
public record RatioEstimate(double value, Interval interval) {

    private static final double ALPHA = 0.05;

    /** The information, in units of the ratio's logarithm, at which the interval is narrowest for its level. */
    private static final double TUNED_FOR = 4;

    /** An asymptotic confidence sequence of 95 % (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Ann. Statist. 52). */
    static RatioEstimate of(Experience experience) {
        var comparison = experience.pair().comparison();
        var radius = radius(comparison.logVariance() * deflation(experience));
        var ratio = comparison.ratio();
        return new RatioEstimate(
                ratio, new Interval(ratio * Math.exp(-radius), Math.min(ratio * Math.exp(radius), Double.MAX_VALUE)));
    }

    private static double deflation(Experience experience) {
        var badPerWindow = 2 * experience.pair().comparison().variance() / Math.max(experience.windows(), 1);
        return 1 + experience.pair().dispersion().phi() * badPerWindow;
    }

    /** Half the width on the logarithmic scale, for an estimate with this variance. */
    private static double radius(double variance) {
        var grown = variance * (1 + TUNED_FOR * variance);
        return Math.sqrt(grown * (-2 * Math.log(ALPHA) + Math.log1p(1 / (TUNED_FOR * variance))));
    }
}
