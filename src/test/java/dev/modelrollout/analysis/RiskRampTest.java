package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RiskRampTest {

    private static final RiskRamp RAMP = new RiskRamp(0.01, 0.01, 0.33, 3);

    @Test
    void from_half_of_the_evidence_of_harm_on_it_only_falls() {
        assertThat(RAMP.weight(0.1, 0.02, 0.49)).isCloseTo(0.3, within(1e-12));
        assertThat(RAMP.weight(0.1, 0.02, 0.5)).isEqualTo(0.1);
        assertThat(RAMP.weight(0.3, 0.1, 0.5)).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void what_fails_less_than_stable_risks_nothing() {
        assertThat(RAMP.weight(0.1, -0.01, 0)).isCloseTo(0.3, within(1e-12));
        assertThat(RAMP.weight(0.3, 0, 0)).isEqualTo(0.33);
    }

    @Test
    void the_least_is_given_whatever_may_fail() {
        assertThat(RAMP.weight(0.01, 1, 0)).isEqualTo(0.01);
        assertThat(RAMP.weight(0.1, 1, 0.9)).isEqualTo(0.01);
    }
}
