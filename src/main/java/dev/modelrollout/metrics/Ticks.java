package dev.modelrollout.metrics;

import java.time.Duration;
import java.time.Instant;

/** The multiples of an interval since the epoch, in whole milliseconds. */
final class Ticks {

    private Ticks() {}

    /** The last tick that is not after {@code now}. */
    static Instant newest(Duration interval, Instant now) {
        var millis = now.toEpochMilli();
        return Instant.ofEpochMilli(millis - Math.floorMod(millis, interval.toMillis()));
    }

    /** How long from {@code now} to the next tick; above 0. */
    static Duration untilNext(Duration interval, Instant now) {
        return Duration.between(now, newest(interval, now).plus(interval));
    }
}
