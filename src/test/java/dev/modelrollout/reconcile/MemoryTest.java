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
}
