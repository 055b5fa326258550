package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RolloutHarmTest {

    private static final double PROOF = Math.log(100);
    private static final List<HarmEvidence> NONE = List.of(own(Double.NEGATIVE_INFINITY));

    @Test
    void without_checks_nothing_is_harmful() {
        var harm = RolloutHarm.of(Map.of());

        assertThat(harm.logE()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(harm.progress()).isZero();
        assertThat(harm.isProven()).isFalse();
        assertThat(harm.causes()).isEmpty();
    }

    @Test
    void one_check_alone_proves_harm_at_one_hundred() {
        assertThat(RolloutHarm.of(Map.of("errors", List.of(own(PROOF)))).isProven())
                .isTrue();
        assertThat(RolloutHarm.of(Map.of("errors", List.of(own(PROOF - 0.01)))).isProven())
                .isFalse();
    }

    @Test
    void with_more_tests_each_needs_as_many_times_the_evidence() {
        var harm = RolloutHarm.of(Map.of("errors", List.of(own(PROOF)), "latency", NONE));

        assertThat(harm.logE()).isCloseTo(PROOF - Math.log(2), within(1e-12));
        assertThat(harm.isProven()).isFalse();
    }

    @Test
    void the_cause_is_each_check_that_would_prove_it_alone() {
        var strong = List.of(own(PROOF + 2));
        var harm = RolloutHarm.of(Map.of("errors", strong, "latency", strong, "tokens", NONE));

        assertThat(harm.causes()).containsExactly("errors", "latency");
    }

    @Test
    void the_cause_is_the_strongest_check_when_none_would_prove_it_alone() {
        var harm = RolloutHarm.of(Map.of("errors", List.of(own(PROOF)), "latency", List.of(own(PROOF + 0.1))));

        assertThat(harm.causes()).containsExactly("latency");
    }

    /** Of three tests a third of the evidence is each one's own. */
    @Test
    void a_check_with_two_tests_counts_twice() {
        var harm = RolloutHarm.of(Map.of(
                "errors",
                List.of(own(PROOF + 1), own(Double.NEGATIVE_INFINITY)),
                "latency",
                List.of(own(PROOF + 1.05))));

        assertThat(harm.isProven()).isTrue();
        assertThat(harm.causes()).containsExactly("latency");
    }

    @Test
    void what_stable_suffers_too_counts_as_no_evidence_but_keeps_its_place() {
        var harm = RolloutHarm.of(Map.of("errors", List.of(new HarmEvidence(90, true)), "latency", List.of(own(5))));

        assertThat(harm.logE()).isCloseTo(5 - Math.log(2), within(1e-12));
        assertThat(harm.causes()).isEmpty();
        assertThat(harm.sharedCauses()).containsExactly("errors");
    }

    @Test
    void half_the_way_to_proof_forbids_a_rise() {
        assertThat(RolloutHarm.of(Map.of("errors", List.of(own(PROOF * 0.49)))).forbidsRise())
                .isFalse();
        assertThat(RolloutHarm.of(Map.of("errors", List.of(own(PROOF * 0.51)))).forbidsRise())
                .isTrue();
    }

    private static HarmEvidence own(double logE) {
        return new HarmEvidence(logE, false);
    }
}
