package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelrollout.analysis.Dispersion.Residual;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DispersionTest {

    private static final Residual HUGE = new Residual(1000, 1000, 10, 1);

    @ParameterizedTest
    @CsvSource({"0, 0.2", "0.5, 0.6", "0.8, 1.8", "0.9, 2"})
    void correlation_raises_the_noise_up_to_tenfold(double correlation, double phi) {
        assertThat(Dispersion.of(new Prior(0.2, correlation, 10)).phi()).isCloseTo(phi, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({"1, 0.5", "9, 0.9", "-1, 0"})
    void correlation_is_at_most_nine_tenths_and_not_negative(double products, double correlation) {
        assertThat(new Dispersion(0.2, 2, 10, products, 0, 0).correlation(0.2)).isCloseTo(correlation, within(1e-12));
    }

    @Test
    void noise_is_not_negative() {
        var calm = new Dispersion(0.2, -1, 10, 1, 0, 0);

        assertThat(calm.phi()).isZero();
    }

    @Test
    void one_window_is_worth_no_more_than_four_of_its_weight() {
        var before = Dispersion.of(new Prior(0.1, 0, 10));
        var once = before.after(HUGE);
        var twice = once.after(HUGE);

        var weight = once.weights() - before.weights();
        assertThat(once.squares() - before.squares()).isCloseTo(4 * weight, within(1e-12));
        assertThat(once.products()).isZero();
        assertThat(twice.products()).isCloseTo(4 * weight, within(1e-12));
    }

    @Test
    void a_window_of_which_nothing_was_expected_has_no_neighbour() {
        var seen = Dispersion.of(new Prior(0.1, 0, 10)).after(HUGE);

        assertThat(seen.after(new Residual(0, 0, 0, 1)))
                .isEqualTo(new Dispersion(seen.assumed(), seen.squares(), seen.weights(), seen.products(), 0, 0));
    }
}
