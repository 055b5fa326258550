package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CertaintyTest {

    @Test
    void by_chance_one_of_a_hundred_is_harmful_and_one_of_twenty_safe() {
        assertThat(Certainty.OF_HARM.logE()).isCloseTo(Math.log(100), within(1e-12));
        assertThat(Certainty.OF_SAFETY.logE()).isCloseTo(Math.log(20), within(1e-12));
    }

    @Test
    void each_claim_has_the_certainty_of_what_it_claims() {
        assertThat(Claim.CANDIDATE_SAFE.certainty()).isEqualTo(Certainty.OF_SAFETY);
        assertThat(Claim.CANDIDATE_HARMFUL.certainty()).isEqualTo(Certainty.OF_HARM);
        assertThat(Claim.STABLE_HARMFUL.certainty()).isEqualTo(Certainty.OF_HARM);
    }

    @Test
    void evidence_comes_from_nothing_to_all_of_it() {
        var all = Certainty.OF_SAFETY.logE();

        assertThat(Certainty.OF_SAFETY.isReachedBy(all)).isTrue();
        assertThat(Certainty.OF_SAFETY.isReachedBy(Math.nextDown(all))).isFalse();
        assertThat(Certainty.OF_SAFETY.progress(-1)).isZero();
        assertThat(Certainty.OF_SAFETY.progress(all / 2)).isEqualTo(0.5);
        assertThat(Certainty.OF_SAFETY.progress(2 * all)).isEqualTo(1);
    }
}
