package dev.modelrollout.analysis;

import java.time.Duration;

/**
 * How many events the windows of this weight had, to expect the same of the next: a single window tells little where
 * traffic is low.
 *
 * @param windows their number; older ones count half from time to time, and so do the others
 * @param seconds their length: a window is longer than the interval when ticks had no answer
 */
public record Pace(double windows, double seconds, double candidates, double stables) {

    /** Before the first window. */
    public static final Pace UNKNOWN = new Pace(0, 0, 0, 0);

    private static final double MEMORY = 240;

    Pace after(Window window) {
        var known = windows < MEMORY ? this : half();
        return new Pace(
                known.windows + 1,
                known.seconds + Duration.between(window.from(), window.to()).toMillis() / 1000.0,
                known.candidates + window.candidate().total(),
                known.stables + window.stable().total());
    }

    /** In whole numbers, which are short to store. */
    private Pace half() {
        return new Pace(
                Math.rint(windows / 2), Math.rint(seconds / 2), Math.rint(candidates / 2), Math.rint(stables / 2));
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
