package dev.modelrollout.metrics;

import dev.modelrollout.analysis.Question;
import java.time.Duration;
import java.time.Instant;

/** The multiples of an interval since the epoch, in whole milliseconds. */
final class Ticks {

    private Ticks() {}

    /** The last tick of a question that may be asked for. */
    static Instant newest(Question question, Instant now) {
        return newest(question.interval(), now.minus(question.settles()));
    }

    /** How long from {@code now} until the next tick of a question may be asked for; above 0. */
    static Duration untilNext(Question question, Instant now) {
        return untilNext(question.interval(), now.minus(question.settles()));
    }

    /** The last tick that is not after {@code now}. */
    private static Instant newest(Duration interval, Instant now) {
        var millis = now.toEpochMilli();
        return Instant.ofEpochMilli(millis - Math.floorMod(millis, interval.toMillis()));
    }

    /** How long from {@code now} to the next tick; above 0. */
    private static Duration untilNext(Duration interval, Instant now) {
        return Duration.between(now, newest(interval, now).plus(interval));
    }
}
