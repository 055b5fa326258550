package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void the_time_spent_blind_is_added_up() {
        var twice = Patience.NONE
                .blind(true, NOON)
                .blind(true, NOON.plusSeconds(20))
                .blind(false, NOON.plusSeconds(30))
                .blind(true, NOON.plusSeconds(60));

        assertThat(twice.blindSince()).isEqualTo(NOON.plusSeconds(60));
        assertThat(twice.blindUntil(NOON.plusSeconds(70))).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void a_part_of_a_second_is_one() {
        var blind = Patience.NONE.blind(true, NOON);

        assertThat(blind.blind(false, NOON.plusMillis(2_001)).blindFor()).isEqualTo(Duration.ofSeconds(3));
        assertThat(blind.blind(false, NOON.plusSeconds(2)).blindFor()).isEqualTo(Duration.ofSeconds(2));
        assertThat(blind.blind(false, NOON).blindFor()).isZero();
    }

    @Test
    void a_clock_that_ran_ahead_makes_no_hold_shorter() {
        var ahead = Patience.NONE.blind(true, NOON.plusSeconds(600));

        assertThat(ahead.blindUntil(NOON)).isZero();
        assertThat(ahead.blind(false, NOON).blindFor()).isZero();
        assertThat(ahead.blind(true, NOON).blindSince()).isEqualTo(NOON);
        assertThat(Patience.NONE
                        .unready(true, NOON.plusSeconds(600))
                        .unready(true, NOON)
                        .unreadySince())
                .isEqualTo(NOON);
    }

    @Test
    void one_trouble_leaves_the_others_as_they_are() {
        var all = new Patience(NOON, Duration.ofSeconds(3), NOON.plusSeconds(1), true);

        assertThat(all.blind(true, NOON.plusSeconds(4))).isEqualTo(all);
        assertThat(all.blind(false, NOON.plusSeconds(4)))
                .isEqualTo(new Patience(null, Duration.ofSeconds(7), NOON.plusSeconds(1), true));
        assertThat(all.unready(true, NOON.plusSeconds(4))).isEqualTo(all);
        assertThat(all.unready(false, NOON.plusSeconds(4)))
                .isEqualTo(new Patience(NOON, Duration.ofSeconds(3), null, true));
        assertThat(all.unprogrammed(false))
                .isEqualTo(new Patience(NOON, Duration.ofSeconds(3), NOON.plusSeconds(1), false));
    }

    @Test
    void too_few_pods_are_borne_from_when_they_were_first_seen() {
        assertThat(Patience.NONE.unready(true, NOON).unreadySince()).isEqualTo(NOON);
    }
}
