package dev.modelrollout.analysis;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that a plain check remembers: O(1), a value.
 *
 * @param beyond readings in a row in which the candidate was beyond a limit
 * @param shared of these, the last ones in a row in which stable was beyond the same limit too
 * @param within readings in a row within all limits since the weight could be judged
 * @param last tick of the newest reading taken in; readings up to it are never taken in again
 * @param blind why the newest reading could not be judged; null when it could
 * @param candidate the candidate's newest value; null before the first
 * @param stable stable's newest value; null before the first
 */
public record Evidence(
        int beyond,
        int shared,
        int within,
        Instant last,
        @Nullable Blindness blind,
        @Nullable Double candidate,
        @Nullable Double stable) {

    /** No reading yet; those up to {@code from} will not count. */
    public static Evidence none(Instant from) {
        return new Evidence(0, 0, 0, from, null, null, null);
    }

    /** The same, when there is no newer reading to be had. */
    Evidence blind(Blindness why) {
        return new Evidence(beyond, shared, within, last, why, candidate, stable);
    }

    /** The same evidence of harm, at another weight: what was within limits there proves nothing here. */
    public Evidence atNewWeight() {
        return new Evidence(beyond, shared, 0, last, blind, candidate, stable);
    }
}
