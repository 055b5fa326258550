package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class NoisePriorTest {

    @Test
    void sixty_windows_in_which_both_halves_had_traffic_are_enough() {
        var window = new Halves(new Counts(1, 100), new Counts(2, 100));
        var ofOnePod = new Halves(new Counts(1, 100), Counts.NONE);

        assertThat(NoisePrior.fromHistory(Collections.nCopies(59, window))).isEmpty();
        assertThat(NoisePrior.fromHistory(Collections.nCopies(60, window))).isPresent();
        assertThat(NoisePrior.fromHistory(Collections.nCopies(240, ofOnePod))).isEmpty();
    }

    @Test
    void a_past_beyond_any_number_tells_nothing() {
        var most = new Counts(1, 1e308);

        assertThat(NoisePrior.fromHistory(Collections.nCopies(60, new Halves(most, most))))
                .isEmpty();
        assertThat(NoisePrior.fromHistory(Collections.nCopies(
                        60, new Halves(new Counts(1e306, 1e306), new Counts(Double.MAX_VALUE, Double.MAX_VALUE)))))
                .isEmpty();
    }

    @Test
    void the_past_weighs_thirty_windows_and_knows_no_silence() {
        var silent = new Halves(new Counts(10, 1000), new Counts(10, 1000));

        assertThat(NoisePrior.fromHistory(Collections.nCopies(60, silent))).hasValueSatisfying(prior -> {
            assertThat(prior.pair()).isEqualTo(new Prior(0.01, 0, 30));
            assertThat(prior.solo().phi()).isEqualTo(0.01);
            assertThat(prior.solo().windows()).isEqualTo(30);
        });
    }

    @Test
    void without_a_past_traffic_is_believed_to_be_bursty() {
        assertThat(NoisePrior.CAUTIOUS).isEqualTo(NoisePrior.same(new Prior(0.2, 0.3, 10)));
    }
}
