package dev.modelrollout.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class AnchoredClockTest {

    @Test
    void it_begins_with_the_local_time_and_goes_on_in_whole_milliseconds() {
        var clock = new AnchoredClock();
        var first = clock.instant();

        assertThat(first).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
        assertThat(first).isEqualTo(first.truncatedTo(ChronoUnit.MILLIS));
        await().until(() -> clock.instant().isAfter(first));
    }

    @Test
    void a_jump_of_the_local_clock_is_none_of_its() {
        var local = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00.123456Z"));
        var nanos = new AtomicLong(42);
        var clock = new AnchoredClock(local::get, nanos::get);
        local.updateAndGet(time -> time.plus(Duration.ofHours(1)));
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(clock.instant()).isEqualTo(Instant.parse("2026-01-01T00:00:01.123Z"));
    }
}
