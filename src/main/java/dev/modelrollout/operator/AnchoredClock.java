package dev.modelrollout.operator;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/** Local time at the start, and from then on the monotonic clock: a jump of the local clock shortens no hold. */
final class AnchoredClock implements InstantSource {

    private final LongSupplier nanos;
    private final Instant start;
    private final long anchor;

    AnchoredClock() {
        this(InstantSource.system(), System::nanoTime);
    }

    /**
     * @param local time of the machine
     * @param nanos of the monotonic clock
     */
    AnchoredClock(InstantSource local, LongSupplier nanos) {
        this.nanos = nanos;
        this.start = local.instant();
        this.anchor = nanos.getAsLong();
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nanos.getAsLong() - anchor).truncatedTo(ChronoUnit.MILLIS);
    }
}
