package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people read. */
class NumbersTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 %",
        "-0.0, 0 %",
        "0.01234, 1.23 %",
        "1, 100 %",
        "-0.002, -0.2 %",
        "1e-8, 0.000001 %",
        "4.8e-24, 0 %"
    })
    void a_share_is_a_percentage_that_can_be_read(double share, String text) {
        assertThat(Numbers.percent(share)).isEqualTo(text);
    }
}
