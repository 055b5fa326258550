package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modelrollout.analysis.RawCounters.Sample;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CountsTest {

    @ParameterizedTest
    @CsvSource({"-1, 5", "6, 5", "NaN, 5", "0, NaN", "0, Infinity", "Infinity, Infinity", "0, -1"})
    void what_cannot_be_counted_is_refused(double bad, double total) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Counts(bad, total));
    }

    @Test
    void a_little_more_bad_than_total_is_cut() {
        assertThat(Counts.cut(101, 100)).contains(new Counts(100, 100));
    }

    @ParameterizedTest
    @CsvSource({"102, 100", "1, 0", "-1, 100", "NaN, 100", "0, Infinity"})
    void what_is_further_off_is_no_count(double bad, double total) {
        assertThat(Counts.cut(bad, total)).isEmpty();
    }

    @Test
    void every_second_instance_by_name_is_one_half() {
        var before = new RawCounters(
                Map.of("c", new Sample(0.0, 10.0), "a", new Sample(0.0, 10.0), "b", new Sample(0.0, 10.0)));
        var after = new RawCounters(
                Map.of("a", new Sample(1.0, 11.0), "b", new Sample(2.0, 30.0), "c", new Sample(3.0, 40.0)));

        assertThat(before.halvesUntil(after)).contains(new Halves(new Counts(4, 31), new Counts(2, 20)));
    }

    @Test
    void more_bad_than_happened_is_no_count() {
        var before = new RawCounters(Map.of("a", new Sample(0.0, 10.0)));
        var after = new RawCounters(Map.of("a", new Sample(9.0, 12.0)));

        assertThat(before.until(after)).isEmpty();
    }

    @Test
    void bad_events_that_began_anew_are_counted_from_nothing() {
        var before = new RawCounters(Map.of("a", new Sample(30.0, 100.0), "b", new Sample(5.0, 50.0)));
        var after = new RawCounters(Map.of("a", new Sample(2.0, 150.0), "b", new Sample(15.0, 100.0)));

        assertThat(before.until(after)).hasValue(new Counts(12, 100));
    }

    @Test
    void a_counter_that_stands_still_counts_nothing() {
        var still = new RawCounters(Map.of("a", new Sample(4.0, 10.0)));

        assertThat(still.until(still)).hasValue(Counts.NONE);
    }

    @Test
    void only_what_was_counted_is_an_event() {
        assertThat(new RawCounters(Map.of("a", new Sample(null, 0.0), "b", new Sample(null, null))).hasEvents())
                .isFalse();
        assertThat(new RawCounters(Map.of("a", new Sample(null, 0.0), "b", new Sample(null, 1.0))).hasEvents())
                .isTrue();
    }

    @Test
    void what_was_good_is_turned_into_what_was_bad() {
        assertThat(new Counts(3, 10).turned()).isEqualTo(new Counts(7, 10));
    }

    @Test
    void a_counter_is_finite_and_not_negative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Sample(-1.0, 1.0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Sample(0.0, Double.NaN));
    }

    @Test
    void squares_grow_like_the_counters_beside_them() {
        var before = new RawCounters(Map.of(
                "grows", new Sample(3.0, 10.0, 2.0),
                "restarted", new Sample(3.0, 10.0, 2.0),
                "new squares", new Sample(3.0, 10.0)));
        var after = new RawCounters(Map.of(
                "grows", new Sample(4.0, 12.0, 2.5),
                "restarted", new Sample(1.0, 2.0, 0.25),
                "new squares", new Sample(4.0, 12.0, 8.0),
                "another", new Sample(100.0, 100.0, 100.0)));

        assertThat(before.squaresUntil(after)).isEqualTo(0.5 + 0.25 + 8);
    }
}
