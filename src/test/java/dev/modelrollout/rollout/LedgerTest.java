package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.Move.Action;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LedgerTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Ledger EMPTY = new Ledger("v1", List.of(), List.of());

    @Test
    void the_ten_newest_failures_stay() {
        var ledger = EMPTY;
        for (var i = 1; i <= 11; i++) {
            ledger = ledger.with(failed("r" + i));
        }

        assertThat(ledger.tombstones()).hasSize(10);
        assertThat(ledger.tombstones().get(0)).isEqualTo(failed("r11"));
        assertThat(ledger.tombstone(new Revision("r2"))).hasValue(failed("r2"));
        assertThat(ledger.tombstone(new Revision("r1"))).isEmpty();
    }

    @Test
    void the_twenty_newest_moves_stay() {
        var ledger = EMPTY;
        for (var i = 1; i <= 21; i++) {
            ledger = ledger.with(moved(Reason.PROGRESSING, NOW.plusSeconds(i)));
        }

        assertThat(ledger.history()).hasSize(20);
        assertThat(ledger.history().get(0).at()).isEqualTo(NOW.plusSeconds(21));
        assertThat(ledger.history().get(19).at()).isEqualTo(NOW.plusSeconds(2));
    }

    @Test
    void a_drift_ends_ten_seconds_after_the_latest_even_if_the_clock_was_put_back() {
        var ledger = EMPTY.with(moved(Reason.DRIFTED, NOW.plusSeconds(60))).with(moved(Reason.DRIFTED, NOW));

        assertThat(ledger.driftEnds()).hasValue(NOW.plusSeconds(70));
        assertThat(EMPTY.with(moved(Reason.PROGRESSING, NOW)).driftEnds()).isEmpty();
    }

    @Test
    void another_live_version_and_each_entry_leave_the_rest_as_it_was() {
        var one = EMPTY.with(failed("r1")).with(moved(Reason.PROGRESSING, NOW));

        assertThat(one)
                .isEqualTo(new Ledger("v1", List.of(failed("r1")), List.of(moved(Reason.PROGRESSING, NOW))))
                .isEqualTo(EMPTY.with(moved(Reason.PROGRESSING, NOW)).with(failed("r1")));
        assertThat(one.live("v2")).isEqualTo(new Ledger("v2", one.tombstones(), one.history()));
    }

    @Test
    void a_foreign_change_counts_until_its_time_is_over_or_a_halt_has_settled_it() {
        var ledger = EMPTY.with(moved(Reason.DRIFTED, NOW))
                .with(moved(Reason.PROGRESSING, NOW.plusSeconds(1)))
                .with(moved(Reason.DRIFTED, NOW.plusSeconds(2)));

        assertThat(ledger.driftsSince(NOW.minusSeconds(1))).isEqualTo(2);
        assertThat(ledger.driftsSince(NOW)).isEqualTo(1);
        assertThat(ledger.with(moved(Reason.CONTESTED, NOW.plusSeconds(3))).driftsSince(NOW.minusSeconds(1)))
                .isZero();
    }

    @Test
    void the_deadline_counts_from_the_first_traffic_across_losses() {
        var candidate = new Candidate("v2", new Revision("r"), 1, NOW, null, 0).underTraffic(NOW.plusSeconds(1));

        assertThat(candidate.afterLoss().underTraffic(NOW.plusSeconds(9)).deadlineFrom())
                .isEqualTo(NOW.plusSeconds(1));
    }

    private static Tombstone failed(String revision) {
        return new Tombstone(new Revision(revision), "v2", Reason.CHECK_FAILED, null, "bad", NOW);
    }

    private static Move moved(Reason reason, Instant at) {
        return new Move(at, Action.LOWER, reason.text(), "v1", "v2", 0, "");
    }
}
