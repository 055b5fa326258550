package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @Test
    void each_unit_counts_and_none_has_to_be_there() {
        assertThat(Durations.parse("1d2h3m4s")).isEqualTo(Duration.parse("P1DT2H3M4S"));
        assertThat(Durations.parse("1d4s")).isEqualTo(Duration.parse("P1DT4S"));
        assertThat(Durations.parse("0s")).isZero();
        assertThat(Durations.parse("99d999h99999m9999999s")).isEqualTo(Duration.parse("P99DT999H99999M9999999S"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5",
                "s",
                "1m1h",
                "1h 1m",
                " 5m",
                "5M",
                "-5m",
                "1.5h",
                "100d",
                "1000h",
                "100000m",
                "10000000s"
            })
    void anything_else_is_refused_and_shown(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessageStartingWith("\"" + text + "\" is no duration; write for example");
    }
}
