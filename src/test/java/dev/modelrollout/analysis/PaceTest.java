package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void windows_are_counted_with_their_length_and_both_versions_events() {
        var pace = Pace.UNKNOWN.after(window(15, 10, 90)).after(window(45, 50, 330));

        assertThat(pace).isEqualTo(new Pace(2, 60, 60, 420));
        assertThat(pace.secondsPerWindow()).isEqualTo(30);
        assertThat(pace.candidatesPerWindow()).isEqualTo(30);
        assertThat(pace.stablesPerWindow()).isEqualTo(210);
    }

    @Test
    void nothing_is_known_before_the_first_window() {
        assertThat(Pace.UNKNOWN.isKnown()).isFalse();
        assertThat(Pace.UNKNOWN.after(window(15, 0, 0)).isKnown()).isTrue();
    }

    @Test
    void all_that_was_counts_half_once_there_are_240_windows() {
        assertThat(new Pace(239, 3_585, 2_390, 21_510).after(window(15, 10, 90)))
                .isEqualTo(new Pace(240, 3_600, 2_400, 21_600));
        assertThat(new Pace(240, 3_600, 2_400, 21_600).after(window(15, 10, 90)))
                .isEqualTo(new Pace(121, 1_815, 1_210, 10_890));
    }

    private static Window window(int seconds, double candidates, double stables) {
        return new Window(NOON, NOON.plusSeconds(seconds), new Counts(0, candidates), new Counts(0, stables));
    }
}
