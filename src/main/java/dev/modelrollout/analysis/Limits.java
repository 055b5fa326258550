package dev.modelrollout.analysis;

/**
 * What a check tolerates: bounds of the candidate's value and of candidate minus stable, in the unit of the query.
 * Equal to a bound is within it; an absent bound is infinite.
 */
public record Limits(Range value, Range difference) {

    /** A closed range; {@code min <= max}. */
    public record Range(double min, double max) {

        /** No bound at all. */
        public static final Range ANY = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

        public Range {
            if (!(min <= max)) {
                throw new IllegalArgumentException("min " + min + " is above max " + max);
            }
        }

        /** Whether at least one side is bounded. */
        public boolean isBounded() {
            return !equals(ANY);
        }

        boolean excludes(double x) {
            return x < min || x > max;
        }
    }

    /** Whether a verdict needs stable's answer. */
    public boolean comparesWithStable() {
        return difference.isBounded();
    }
}
