package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ExperienceTest {

    private static final Counts STABLE = new Counts(10, 100);

    @Test
    void bad_events_that_came_together_are_worth_fewer() {
        var one = bursty(0.2).after(new Counts(1, 300), STABLE).effective();
        var eleven = bursty(0.2).after(new Counts(11, 300), STABLE).effective();

        assertThat(one).isEqualTo(new Counts(1, 300));
        // 1 + 0.2 x 10
        assertThat(eleven.bad()).isCloseTo(11 / 3.0, within(1e-12));
        assertThat(eleven.total()).isCloseTo(100, within(1e-12));
    }

    @Test
    void windows_with_a_request_of_the_candidate_are_counted() {
        var seen = bursty(0.2).after(new Counts(0, 1), STABLE).after(Counts.NONE, STABLE);

        assertThat(seen.windows()).isEqualTo(1);
    }

    @Test
    void of_a_candidate_without_a_request_all_might_fail_but_what_stable_fails() {
        assertThat(bursty(0.2).after(Counts.NONE, STABLE).worstExcess()).isCloseTo(0.9, within(1e-12));
    }

    @Test
    void the_burstier_the_traffic_the_less_sure_is_the_share() {
        var calm = bursty(0.01).after(new Counts(30, 300), STABLE).candidateShare();
        var wild = bursty(0.2).after(new Counts(30, 300), STABLE).candidateShare();

        assertThat(wild.high()).isGreaterThan(calm.high());
        assertThat(wild.low()).isLessThan(calm.low());
    }

    @Test
    void the_bad_events_of_a_usual_window_are_worth_so_many_fewer() {
        var window = new Counts(10, 100);
        var seen = bursty(0.2).after(window, STABLE).after(window, STABLE).after(window, STABLE);
        var burst = 1 + 10 * seen.pair().dispersion().phi();

        assertThat(seen.candidateShare()).isEqualTo(Interval.ofShare(new Counts(30, 300).dividedBy(burst), 0.05));
    }

    @Test
    void stable_is_held_against_a_limit_like_the_candidate() {
        var tests = new CountTests(new CountLimit.Max(0.02).tests());
        var start = tests.start(NoisePrior.CAUTIOUS);
        var one = start;
        var other = start;
        for (var i = 0; i < 5; i++) {
            var calm = new Counts(3, 100);
            var wild = new Counts(i % 2 * 20, 200);
            one = tests.after(one, calm, wild, true).orElseThrow();
            other = tests.after(other, wild, calm, true).orElseThrow();
        }

        assertThat(one.stakes().get(2))
                .isEqualTo(other.stakes().get(0))
                .isNotEqualTo(one.stakes().get(0));
        assertThat(other.stakes().get(2)).isEqualTo(one.stakes().get(0));
    }

    private static Experience bursty(double phi) {
        return Experience.of(NoisePrior.same(new Prior(phi, 0, 10)));
    }
}
