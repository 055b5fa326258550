package dev.modelrollout.analysis;

import java.time.Duration;

/**
 * How many events the windows of this weight had, to expect the same of the next: a single window tells little where
 * traffic is low. The weight of a window halves in about 170 windows.
 *
 * @param windows their number, older ones counting less; so the others
 * @param seconds their length: a window is longer than the interval when ticks had no answer
 */
public record Pace(double windows, double seconds, double candidates, double stables) {

    /** Before the first window. */
    public static final Pace UNKNOWN = new Pace(0, 0, 0, 0);

    private static final double MEMORY = 1 - 1.0 / 240;

    Pace after(Window window) {
        return new Pace(
                MEMORY * windows + 1,
                MEMORY * seconds + Duration.between(window.from(), window.to()).toMillis() / 1000.0,
                MEMORY * candidates + window.candidate().total(),
                MEMORY * stables + window.stable().total());
    }

    boolean isKnown() {
        return windows > 0;
    }

    /** How long a window is. */
    double secondsPerWindow() {
        return seconds / windows;
    }

    /** The candidate's events in a window. */
    double candidatesPerWindow() {
        return candidates / windows;
    }

    /** Stable's events in a window. */
    double stablesPerWindow() {
        return stables / windows;
    }
}
