package dev.modelrollout.analysis;

import static dev.modelrollout.analysis.Claim.CANDIDATE_HARMFUL;
import static dev.modelrollout.analysis.Claim.CANDIDATE_SAFE;
import static dev.modelrollout.analysis.Claim.STABLE_HARMFUL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.CountLimit.BetterThanStable;
import dev.modelrollout.analysis.CountLimit.Max;
import dev.modelrollout.analysis.CountLimit.MaxDifference;
import dev.modelrollout.analysis.CountLimit.WorseThanStable;
import org.junit.jupiter.api.Test;

/** Where harm begins and safety ends: at so many times stable's share, and so much more. */
class CountLimitTest {

    @Test
    void an_absolute_limit_is_held_against_both_versions() {
        assertThat(new Max(0.02).tests())
                .containsExactly(
                        test(CANDIDATE_HARMFUL, 0, 0.02), test(CANDIDATE_SAFE, 0, 0.02), test(STABLE_HARMFUL, 0, 0.02));
    }

    @Test
    void a_difference_is_added_to_what_stable_has() {
        assertThat(new MaxDifference(0.05).tests())
                .containsExactly(test(CANDIDATE_HARMFUL, 1, 0.05), test(CANDIDATE_SAFE, 1, 0.05));
    }

    @Test
    void between_harm_and_safety_lies_a_gap() {
        assertThat(new WorseThanStable(0).tests())
                .containsExactly(test(CANDIDATE_HARMFUL, 1, 0), test(CANDIDATE_SAFE, 1.5, 0.001));
        assertThat(new WorseThanStable(1).tests())
                .containsExactly(test(CANDIDATE_HARMFUL, 2, 0), test(CANDIDATE_SAFE, 2.4, 0.001));
    }

    @Test
    void what_has_to_be_better_cannot_be_harmful() {
        assertThat(new BetterThanStable(0.25).tests()).containsExactly(test(CANDIDATE_SAFE, 0.75, 0));
    }

    private static CountTest test(Claim claim, double rho, double delta) {
        return new CountTest(claim, new NullHypothesis(rho, delta));
    }
}
