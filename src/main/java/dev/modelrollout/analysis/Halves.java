package dev.modelrollout.analysis;

/** What two halves of one version's instances did in the same window. */
public record Halves(Counts one, Counts other) {

    /** Whether both had traffic, so that they can be compared. */
    boolean areComparable() {
        return !one.isEmpty() && !other.isEmpty();
    }
}
