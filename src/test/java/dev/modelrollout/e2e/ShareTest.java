package dev.modelrollout.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What chance allows, and what it does not. */
class ShareTest {

    @ParameterizedTest
    @CsvSource({
        // mean 100, standard deviation 8.66, so 64.4..135.6
        "25, 400, 65, true",
        "25, 400, 64, false",
        "25, 400, 135, true",
        "25, 400, 136, false",
        // no chance at all
        "100, 400, 400, true",
        "100, 400, 399, false",
        "0, 400, 0, true",
        "0, 400, 1, false",
        // nothing measured
        "0, 0, 0, false"
    })
    void bounds(int percent, int requests, int candidate, boolean within) {
        assertThat(new Share(percent, requests, candidate).isWithinBounds()).isEqualTo(within);
    }
}
