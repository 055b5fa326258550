package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesTest {

    private static final Instant TICK = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void knowsTheBoundHoweverItIsWritten() {
        assertThat(bucket("1").bound()).hasValue(1);
        assertThat(bucket("1.0").bound()).hasValue(1);
        assertThat(bucket("2.5e-02").bound()).hasValue(0.025);
        assertThat(bucket("+Inf").bound()).hasValue(Double.POSITIVE_INFINITY);
        assertThat(bucket("").bound()).isEmpty();
    }

    @Test
    void refusesABoundThatIsNoNumber() {
        assertThatIllegalArgumentException().isThrownBy(() -> bucket("low"));
        assertThatIllegalArgumentException().isThrownBy(() -> bucket("NaN"));
    }

    @Test
    void isCountedByFiniteNumbersFromZero() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Answer.Counters(TICK, Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Answer.Counters(TICK, Map.of(bucket(""), -0.5)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Answer.Counters(TICK, Map.of(bucket(""), Double.NaN)));
    }

    private static Series bucket(String le) {
        return new Series("job", "pod", "instance", le);
    }
}
