package dev.modelrollout.analysis;

/** Which way a number is better. */
public enum Better {
    /** Such as the quality of answers. */
    HIGHER,
    /** Such as a cost. */
    LOWER;

    /** The number, turned so that higher is worse. */
    double badness(double value) {
        return switch (this) {
            case HIGHER -> -value;
            case LOWER -> value;
        };
    }
}
