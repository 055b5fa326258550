package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeriesNumbersTest {

    private static final int SERIES_BYTES = 8 + 4 + 32 + 4 * 40 + 2 * 10;

    @Test
    void it_is_a_map_of_what_it_was_made_of() {
        var numbers = Map.of(series("b"), 2.0, series("a"), 1.0, series("c"), 0.0);
        var seen = new HashMap<Series, Double>();
        SeriesNumbers.of(numbers).forEach(seen::put);

        assertThat(SeriesNumbers.of(numbers)).isEqualTo(numbers);
        assertThat(seen).isEqualTo(numbers);
    }

    @Test
    void counters_are_finite_and_not_negative() {
        assertThat(SeriesNumbers.of(Map.of(series("a"), 0.0)).areCounters()).isTrue();
        assertThat(SeriesNumbers.of(Map.of(series("a"), 1.0, series("b"), -1.0)).areCounters())
                .isFalse();
        assertThat(SeriesNumbers.of(Map.of(series("a"), Double.NaN)).areCounters())
                .isFalse();
    }

    @Test
    void what_is_shared_takes_no_more() {
        var first = SeriesNumbers.of(Map.of(series("a"), 1.0, series("b"), 2.0));
        var equal = SeriesNumbers.of(Map.of(series("a"), 3.0, series("b"), 4.0));
        var more = SeriesNumbers.of(Map.of(series("b"), 5.0, series("c"), 6.0));

        assertThat(bytes(first)).isEqualTo(2 * SERIES_BYTES);
        assertThat(bytes(first, equal)).isEqualTo(4 * SERIES_BYTES);
        assertThat(bytes(first, equal.sharing(first))).isEqualTo(2 * SERIES_BYTES + 2 * 8);
        assertThat(bytes(first, more.sharing(first))).isEqualTo(3 * SERIES_BYTES + 8 + 4);
        assertThat(more.sharing(first)).isEqualTo(more);
    }

    private static long bytes(SeriesNumbers... all) {
        Set<Object> counted = Collections.newSetFromMap(new IdentityHashMap<>());
        var bytes = 0L;
        for (var one : all) {
            bytes += one.bytes(counted);
        }
        return bytes;
    }

    /** With ten characters. */
    private static Series series(String name) {
        return new Series("job", "pod-" + name, name, "1");
    }
}
