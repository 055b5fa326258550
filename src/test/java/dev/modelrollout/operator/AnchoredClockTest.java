package dev.modelrollout.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
}
