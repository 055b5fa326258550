package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.CountLimit.Max;
import dev.modelrollout.analysis.CountLimit.WorseThanStable;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Ladder.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdaptiveClimbTest {

    private static final Duration EVERY = Counted.INTERVAL.multipliedBy(4);

    @Test
    void a_better_candidate_goes_up_step_by_step_to_the_end() {
        var rollout = rollout(0);

        assertThat(rollout.weights(60, 0.005, 0.01)).containsExactly(30, 60, 90, 100);
        assertThat(rollout.state()).isInstanceOf(Live.class);
    }

    @Test
    void each_weight_is_measured_for_as_long_as_it_says() {
        var rollout = rollout(0).shared(1, 0, 0);
        var ticks = 0;
        while (rollout.weight() == 30 && ticks++ < 100) {
            rollout.shared(1, 0.005, 0.01);
        }

        assertThat(rollout.weight()).isEqualTo(60);
        assertThat(ticks).isEqualTo(4);
    }

    @Test
    void all_windows_of_a_weight_after_the_warm_up_decide_and_no_others() {
        var warmed = rollout(0)
                .warmup(Counted.INTERVAL.multipliedBy(2))
                .shared(1, 0, 0)
                .shared(2, 0.05, 0.01)
                .shared(2, 0.005, 0.01);
        var badAtLast = rollout(0).shared(1, 0, 0).shared(3, 0.005, 0.01).shared(1, 0.02, 0.01);

        assertThat(warmed.weight()).isEqualTo(60);
        assertThat(badAtLast.weight()).isEqualTo(60);
    }

    @Test
    void a_check_that_changes_is_given_the_whole_time_again() {
        var rollout = rollout(0).shared(3, 0.005, 0.01).checkChanged();
        var ticks = 0;
        while (rollout.weight() == 30 && ticks++ < 100) {
            rollout.shared(1, 0.005, 0.01);
        }

        assertThat(rollout.weight()).isEqualTo(60);
        assertThat(ticks).isGreaterThanOrEqualTo(4);
    }

    @Test
    void an_equal_candidate_goes_down_and_is_rolled_back_at_nothing() {
        var rollout = rollout(0).shared(5, 0.005, 0.01);

        assertThat(rollout.weights(60, 0.01, 0.01)).startsWith(60, 30, 0);
        assertThat(rollout.state()).isInstanceOf(RolledBack.class);
        assertThat(rollout.reason()).isEqualTo(Reason.CHECK_FAILED);
        assertThat(rollout.message())
                .contains("Rolled back at 30 %: the ramp ended at 0: by errors the difference to v1 at this weight is 0"
                        + " %, threshold 0 %; errors 0.");
    }

    @Test
    void a_negative_threshold_lets_an_equal_candidate_up() {
        assertThat(rollout(-0.002).weights(60, 0.01, 0.01)).containsExactly(30, 60, 90, 100);
    }

    @Test
    void what_is_not_known_holds() {
        var rollout = rollout(0).shared(1, 0, 0);
        for (var i = 0; i < 10; i++) {
            rollout.blindTick(Blindness.TIMEOUT);
        }

        assertThat(rollout.weight()).isEqualTo(30);
        assertThat(rollout.reason()).isEqualTo(Reason.BLIND);
    }

    @Test
    void at_its_ceiling_it_stays_while_the_candidate_is_better_and_goes_down_when_it_is_not() {
        var rollout = rollout(0).maxWeight(50).shared(20, 0.005, 0.01);
        assertThat(rollout.weight()).isEqualTo(50);
        assertThat(rollout.reason()).isEqualTo(Reason.AT_MAX_WEIGHT);

        for (var i = 0; i < 50 && rollout.weight() == 50; i++) {
            rollout.shared(1, 0.03, 0.01);
        }

        assertThat(rollout.weight()).isEqualTo(20);
    }

    @Test
    void harm_ends_it_at_once() {
        var rollout = rollout(-1).shared(40, 0.3, 0.01);

        assertThat(rollout.state()).isInstanceOf(RolledBack.class);
        assertThat(rollout.message()).contains("limit: max 10 %");
    }

    @Test
    void what_is_held_on_failure_stays_and_no_step_of_the_ramp_takes_it_back() {
        var rollout = slow().holdOnFailure().shared(60, 0.3, 0.01);

        assertThat(rollout.reason()).isEqualTo(Reason.HELD_ON_FAILURE);
        assertThat(rollout.weight()).isEqualTo(30);
    }

    @Test
    void while_both_are_beyond_their_limit_the_weight_stays() {
        var rollout = slow().shared(60, 0.3, 0.3);

        assertThat(rollout.reason()).isEqualTo(Reason.BOTH_UNHEALTHY);
        assertThat(rollout.weight()).isEqualTo(30);
    }

    @Test
    void a_step_that_a_crash_has_cut_short_is_its_own() {
        var climb = new AdaptiveClimb("errors", EVERY, 30, 0);

        assertThat(climb.mayFollow(Rung.GROUND, 30, 100)).isTrue();
        assertThat(climb.mayFollow(new Rung(1, 90, 90), 100, 100)).isTrue();
        assertThat(climb.mayFollow(new Rung(1, 30, 30), 45, 45)).isTrue();
        assertThat(climb.mayFollow(new Rung(1, 30, 30), 45, 100)).isFalse();
        assertThat(climb.mayFollow(new Rung(1, 30, 30), 30, 30)).isFalse();
    }

    @Test
    void any_share_of_the_route_is_a_weight() {
        var climb = new AdaptiveClimb("errors", EVERY, 30, 0);

        assertThat(climb.notAbove(17, 100, 100)).isEqualTo(new Rung(1, 17, 17));
        assertThat(climb.notAbove(1, 1, 100)).isEqualTo(new Rung(1, 99, 99));
        assertThat(climb.notAbove(50, 100, 20)).isEqualTo(new Rung(1, 20, 20));
        assertThat(climb.notAbove(0, 100, 100)).isEqualTo(Rung.GROUND);
        assertThat(climb.notAbove(0, 0, 100)).isEqualTo(Rung.GROUND);
        assertThat(climb.has(new Rung(1, 17, 17))).isTrue();
        assertThat(climb.has(new Rung(2, 60, 60))).isFalse();
    }

    private static Counted rollout(double threshold) {
        return Counted.with(new Max(0.1)).climb(new AdaptiveClimb("errors", EVERY, 30, threshold));
    }

    /** Harm is known before the weight changes. */
    private static Counted slow() {
        return rollout(0).climb(new AdaptiveClimb("errors", EVERY.multipliedBy(4), 30, 0));
    }

    @Test
    void its_first_weight_is_a_step_or_the_ceiling_below_it() {
        var climb = new AdaptiveClimb("errors", Duration.ofSeconds(20), 15, 0);

        assertThat(climb.first(100)).isEqualTo(new Ladder.Rung(1, 15, 15));
        assertThat(climb.first(5)).isEqualTo(new Ladder.Rung(1, 5, 5));
        assertThat(climb.top(100)).isEqualTo(15);
        assertThat(climb.top(5)).isEqualTo(5);
    }

    @Test
    void a_step_says_how_the_difference_compares_to_the_threshold() {
        assertThat(rollout(-0.002).shared(5, 0.01, 0.01).message())
                .startsWith("Raised v2 to 60 %: by errors the difference to v1 at this weight is 0 %, threshold -0.2 %;"
                        + " errors 1 % [");
    }

    @Test
    void what_is_better_goes_live_without_a_proof_that_it_is_safe() {
        var rollout = Counted.with(new WorseThanStable(0.1))
                .climb(new AdaptiveClimb("errors", EVERY, 30, 0))
                .tick(0, 0, 0.01, 100)
                .tick(0, 30, 0.01, 70);
        var before = "";
        for (var i = 0; i < 30 && rollout.state() instanceof Progressing; i++) {
            before = rollout.verdict();
            rollout.tick(0, rollout.weight(), 0.01, 100 - rollout.weight());
        }

        assertThat(rollout.state()).isInstanceOf(Live.class);
        assertThat(before).isEqualTo("Undecided");
    }

    @Test
    void whatever_is_below_all_is_its_first_rung_and_all_its_last() {
        var climb = new AdaptiveClimb("errors", EVERY, 30, 0);

        assertThat(climb.size()).isEqualTo(2);
        assertThat(climb.has(new Rung(1, 99, 99))).isTrue();
        assertThat(climb.has(new Rung(2, 100, 100))).isTrue();
    }

    @Test
    void where_it_takes_the_place_of_steps_the_weight_is_held_before_it_goes_down() {
        var steps = List.of(new Step(10, Duration.ZERO), new Step(50, Duration.ofHours(1)));
        var rollout = Counted.with(new Max(0.1)).steps(steps).shared(12, 0.01, 0.01);
        var before = rollout.weight();
        rollout.climb(new AdaptiveClimb("errors", EVERY, 30, 0)).shared(1, 0.01, 0.01);

        assertThat(before).isEqualTo(50);
        assertThat(rollout.message()).isEqualTo("The steps changed: 50 % is held anew.");
    }

    @Test
    void without_a_comparison_it_says_what_it_needs() {
        var climb = new AdaptiveClimb("errors", Duration.ofSeconds(20), 15, 0);

        assertThat(climb.missing(new Ladder.Rung(1, 15, 15), new Ladder.Rung(1, 15, 15), Findings.NONE))
                .hasValue("check errors needs both versions compared at this weight");
    }
}
