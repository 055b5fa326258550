package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WindowsTest {

    @Test
    void a_window_is_at_most_five_minutes_long_or_two_intervals_where_these_are_longer() {
        assertThat(Windows.longest(Duration.ofSeconds(15))).isEqualTo(Duration.ofMinutes(5));
        assertThat(Windows.longest(Duration.ofMinutes(4))).isEqualTo(Duration.ofMinutes(8));
    }
}
