package dev.modelrollout.rollout;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is being borne on a rung.
 *
 * @param blindSince since when no verdict is to be had; null when there is sight
 * @param blindFor time spent blind on this rung before that, in whole seconds; it does not count for the hold
 * @param unreadySince since when fewer pods are ready than there should be; null when enough are
 * @param unprogrammed whether the gateway was seen not to serve the weights
 */
public record Patience(
        @Nullable Instant blindSince,
        Duration blindFor,
        @Nullable Instant unreadySince,
        boolean unprogrammed) {

    /** Nothing has to be borne yet. */
    public static final Patience NONE = new Patience(null, Duration.ZERO, null, false);

    Patience blind(boolean blind, Instant now) {
        if (blind) {
            return new Patience(notAfter(now, blindSince), blindFor, unreadySince, unprogrammed);
        }
        return new Patience(null, wholeSeconds(blindUntil(now)), unreadySince, unprogrammed);
    }

    /** As it is stored, and not less: no hold gets shorter by a restart. */
    private static Duration wholeSeconds(Duration time) {
        return Duration.ofSeconds(time.plusNanos(999_999_999).toSeconds());
    }

    Patience unready(boolean unready, Instant now) {
        return new Patience(blindSince, blindFor, unready ? notAfter(now, unreadySince) : null, unprogrammed);
    }

    /** Only a clock that ran ahead has dated what is later than now. */
    private static Instant notAfter(Instant now, @Nullable Instant since) {
        return since == null || since.isAfter(now) ? now : since;
    }

    Patience unprogrammed(boolean unprogrammed) {
        return new Patience(blindSince, blindFor, unreadySince, unprogrammed);
    }

    /** All the time spent blind on this rung; none that only a clock which ran ahead has dated. */
    Duration blindUntil(Instant now) {
        return blindSince == null || now.isBefore(blindSince)
                ? blindFor
                : blindFor.plus(Duration.between(blindSince, now));
    }
}
