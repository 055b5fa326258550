package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogGammaTest {

    @Test
    void of_whole_numbers_it_is_the_logarithm_of_a_factorial() {
        var logFactorial = 0.0;
        for (var n = 1; n <= 100; n++) {
            logFactorial += Math.log(n);

            assertThat(LogGamma.of(n + 1)).isCloseTo(logFactorial, within(1e-12 * (1 + logFactorial)));
        }
    }

    @Test
    void of_one_half_it_is_half_the_logarithm_of_pi() {
        assertThat(LogGamma.of(0.5)).isCloseTo(Math.log(Math.PI) / 2, within(1e-13));
        assertThat(LogGamma.of(1.5)).isCloseTo(Math.log(Math.PI) / 2 - Math.log(2), within(1e-13));
    }
}
