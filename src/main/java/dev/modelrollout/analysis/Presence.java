package dev.modelrollout.analysis;

import java.util.Optional;

/**
 * Whether the candidate gets the requests that the route gives it, and stable any. Only windows in which at least 10 are due count, and
 * only two of them in a row.
 *
 * @param seen whether it ever had one in this rollout
 * @param none windows in a row in which none came, up to 2
 * @param few windows in a row in which fewer than half came, up to 2
 * @param idle windows in a row in which stable had none
 */
public record Presence(boolean seen, int none, int few, int idle) {

    /** Before the first window. */
    public static final Presence UNKNOWN = new Presence(false, 0, 0, 0);

    private static final int ROW = 2;
    private static final double LEAST_DUE = 10;

    /**
     * With one more window.
     *
     * @param share the candidate's by the route, during the whole window; 0 up to but not including 1
     */
    public Presence after(Window window, double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("a share is 0 up to 1, not " + share);
        }
        var came = window.candidate().total();
        var due = window.stable().total() * share / (1 - share);
        return new Presence(
                seen || came > 0,
                row(none, due >= LEAST_DUE && came == 0),
                row(few, due >= LEAST_DUE && came < due / 2),
                window.stable().isEmpty() ? idle + 1 : 0);
    }

    private static int row(int before, boolean goesOn) {
        return goesOn ? Math.min(before + 1, ROW) : 0;
    }

    /** Whether its traffic stopped: it cannot be reached any more. */
    public boolean isMissing() {
        return seen && none >= ROW;
    }

    /** Whether stable is without requests for longer than chance makes it, of so many in a usual window. */
    boolean isStableMissing(double usual) {
        return idle > 0 && (!(usual > 0) || idle * usual >= LEAST_DUE);
    }

    /** Why its counts say nothing, if its traffic is the cause. */
    public Optional<Blindness> blindness() {
        if (none >= ROW) {
            return seen ? Optional.empty() : Optional.of(Blindness.NO_DATA);
        }
        return few >= ROW ? Optional.of(Blindness.SHARE_MISMATCH) : Optional.empty();
    }
}
