package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class LeadTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void a_window_weighs_as_much_as_it_has_requests_to_the_candidate() {
        var lead = Lead.UNKNOWN
                .after(window(new Counts(1, 100), new Counts(30, 1_000)))
                .after(window(new Counts(60, 300), new Counts(100, 1_000)));

        // 2 % better for 100 requests, 10 % worse for 300
        assertThat(lead).isEqualTo(new Lead(2 - 30, 400));
        assertThat(lead.difference()).contains(-0.07);
    }

    @Test
    void a_window_without_traffic_of_either_version_compares_nothing() {
        assertThat(Lead.UNKNOWN.after(window(Counts.NONE, new Counts(1, 100)))).isEqualTo(Lead.UNKNOWN);
        assertThat(Lead.UNKNOWN.after(window(new Counts(1, 100), Counts.NONE))).isEqualTo(Lead.UNKNOWN);
        assertThat(Lead.UNKNOWN.difference()).isEmpty();
    }

    @Test
    void readings_weigh_the_same() {
        assertThat(Lead.UNKNOWN.after(3.0, 5.0).after(4.0, 5.0).difference()).contains(1.5);
    }

    @Test
    void what_cannot_be_added_up_is_left_out() {
        var most = new Lead(Double.MAX_VALUE, 1);

        assertThat(most.after(-Double.MAX_VALUE, 0)).isEqualTo(most);
        assertThat(new Lead(0, Double.MAX_VALUE)
                        .after(window(new Counts(0, Double.MAX_VALUE), new Counts(0, 1)))
                        .weight())
                .isEqualTo(Double.MAX_VALUE);
    }

    private static Window window(Counts candidate, Counts stable) {
        return new Window(NOON, NOON.plusSeconds(15), candidate, stable);
    }
}
