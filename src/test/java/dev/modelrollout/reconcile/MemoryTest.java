package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class MemoryTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Memory memory = new Memory();

    @Test
    void a_rollback_that_has_to_be_tried_again_counts_from_the_first_time() {
        memory.condemnedSince("a", true, NOW);

        assertThat(memory.condemnedSince("a", true, NOW.plusSeconds(5))).isEqualTo(NOW);
    }

    @Test
    void the_next_rollback_counts_anew() {
        memory.condemnedSince("a", true, NOW);
        memory.condemnedSince("a", false, NOW.plusSeconds(5));

        assertThat(memory.condemnedSince("a", true, NOW.plusSeconds(9))).isEqualTo(NOW.plusSeconds(9));
    }

    @Test
    void a_write_of_ours_may_be_unknown_until_the_route_was_seen_and_for_five_seconds() {
        assertThat(memory.isInterrupted("a", true, NOW)).isTrue();
        memory.settled("a");
        assertThat(memory.isInterrupted("a", true, NOW.plusMillis(4_999))).isTrue();
        assertThat(memory.isInterrupted("a", true, NOW.plusSeconds(5))).isFalse();
        memory.failed("a", NOW.plusSeconds(20));
        assertThat(memory.isInterrupted("a", true, NOW.plusSeconds(25))).isTrue();
        memory.settled("a");
        assertThat(memory.isInterrupted("a", true, NOW.plusMillis(24_999))).isTrue();
        assertThat(memory.isInterrupted("a", true, NOW.plusSeconds(25))).isFalse();
    }

    @Test
    void nobody_has_sent_anything_for_a_rollout_that_nobody_knows() {
        assertThat(memory.isInterrupted("a", false, NOW)).isTrue();
        memory.settled("a");
        assertThat(memory.isInterrupted("a", true, NOW)).isFalse();
    }

    @Test
    void that_a_route_takes_no_write_is_news_once_a_minute() {
        assertThat(memory.isRefusalNews("a", NOW)).isTrue();
        assertThat(memory.isRefusalNews("a", NOW.plusSeconds(59))).isFalse();
        assertThat(memory.isRefusalNews("a", NOW.plusSeconds(60))).isTrue();
    }

    @Test
    void a_look_is_due_at_first_after_a_failure_and_a_minute_after_the_last() {
        assertThat(memory.isLookDue("a", NOW)).isTrue();
        memory.looked("a", NOW);
        assertThat(memory.isLookDue("a", NOW.plusSeconds(59))).isFalse();
        assertThat(memory.isLookDue("a", NOW.plusSeconds(60))).isTrue();
        memory.looked("a", NOW.plusSeconds(60));
        assertThat(memory.isLookDue("a", NOW.plusSeconds(119))).isFalse();
        assertThat(memory.isLookDue("a", NOW.plusSeconds(120))).isTrue();
        memory.looked("a", NOW.plusSeconds(120));
        memory.failed("a", NOW.plusSeconds(120));
        assertThat(memory.isLookDue("a", NOW.plusSeconds(120))).isTrue();
    }

    @Test
    void numbers_alone_are_due_a_minute_after_the_last_write() {
        assertThat(memory.isWriteDue("a", NOW)).isFalse();
        assertThat(memory.isWriteDue("a", NOW.plusSeconds(60))).isTrue();
        memory.wrote("a", NOW.plusSeconds(60));
        assertThat(memory.isWriteDue("a", NOW.plusSeconds(119))).isFalse();
        assertThat(memory.isWriteDue("a", NOW.plusSeconds(120))).isTrue();
    }

    @Test
    void a_generation_is_served_since_it_was_first_seen_so() {
        memory.servedSince("a", "route", 1, true, NOW);

        assertThat(memory.servedSince("a", "route", 1, true, NOW.plusSeconds(5)))
                .isEqualTo(NOW);
        assertThat(memory.servedSince("b", "route", 1, true, NOW.plusSeconds(5)))
                .isEqualTo(NOW.plusSeconds(5));
        assertThat(memory.servedSince("a", "route", 2, true, NOW.plusSeconds(6)))
                .isEqualTo(NOW.plusSeconds(6));
        assertThat(memory.servedSince("a", "created anew", 2, true, NOW.plusSeconds(7)))
                .isEqualTo(NOW.plusSeconds(7));
    }

    @Test
    void a_generation_that_is_served_no_more_counts_anew() {
        memory.servedSince("a", "route", 1, true, NOW);

        assertThat(memory.servedSince("a", "route", 1, false, NOW.plusSeconds(5)))
                .isNull();
        assertThat(memory.servedSince("a", "route", 1, true, NOW.plusSeconds(6)))
                .isEqualTo(NOW.plusSeconds(6));
    }

    @Test
    void nothing_is_kept_of_what_is_gone() {
        memory.isInterrupted("a", false, NOW);
        memory.settled("a");
        memory.looked("a", NOW);
        memory.wrote("a", NOW);
        memory.servedSince("a", "route", 1, true, NOW);
        memory.condemnedSince("a", true, NOW);
        memory.isRefusalNews("a", NOW);
        memory.forget("a");
        var later = NOW.plusSeconds(59);

        assertThat(memory.isInterrupted("a", true, later)).isTrue();
        memory.settled("a");
        assertThat(memory.isInterrupted("a", true, later)).isTrue();
        assertThat(memory.isLookDue("a", later)).isTrue();
        assertThat(memory.isWriteDue("a", NOW.plusSeconds(61))).isFalse();
        assertThat(memory.servedSince("a", "route", 1, true, later)).isEqualTo(later);
        assertThat(memory.condemnedSince("a", true, later)).isEqualTo(later);
        assertThat(memory.isRefusalNews("a", later)).isTrue();
    }
}
