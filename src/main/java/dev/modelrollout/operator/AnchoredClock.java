package dev.modelrollout.operator;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Local time at the start, and from then on the monotonic clock: a jump of the local clock shortens no hold. */
final class AnchoredClock implements InstantSource {

    private final Instant start = Instant.now();
    private final long anchor = System.nanoTime();

    @Override
    public Instant instant() {
        return start.plusNanos(System.nanoTime() - anchor).truncatedTo(ChronoUnit.MILLIS);
    }
}
