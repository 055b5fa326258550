package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Ladder.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RiskClimbTest {

    private static final RiskClimb CLIMB = new RiskClimb(0.01, Counted.INTERVAL);

    @Test
    void an_equal_candidate_rises_at_most_threefold_and_past_a_third_only_when_safe() {
        var rollout = rollout();

        var weights = rollout.weights(100, 0.01, 0.01);

        assertThat(weights).first().isEqualTo(1);
        assertThat(weights).endsWith(60, 90, 100);
        assertThat(weights.subList(0, weights.size() - 3))
                .allMatch(weight -> weight <= 33)
                .isSorted();
        for (var i = 1; i < weights.size() - 3; i++) {
            assertThat(weights.get(i)).isLessThanOrEqualTo(3 * weights.get(i - 1));
        }
        assertThat(rollout.state()).isInstanceOf(Live.class);
    }

    @Test
    void what_it_gives_never_risks_more_than_it_may() {
        var rollout = rollout().shared(1, 0.01, 0.01);
        var percentAtRisk = new ArrayList<Double>();
        for (var i = 0; i < 60 && rollout.state() instanceof Progressing before; i++) {
            rollout.shared(1, 0.01, 0.01);
            if (rollout.state() instanceof Progressing after
                    && after.rung().number() == 1
                    && after.rung().weight() > before.rung().weight()) {
                var seen = after.measurements().findings(rollout.plan());
                percentAtRisk.add(
                        seen.excess().orElseThrow().share() * after.rung().weight());
            }
        }

        assertThat(percentAtRisk).isNotEmpty().allMatch(percent -> percent <= 1);
    }

    @Test
    void a_candidate_that_becomes_worse_than_stable_within_its_limit_gets_less() {
        var rollout = until(20, rollout(new CountLimit.Max(0.3)), 0.28, 0.28);
        var before = rollout.weight();

        for (var i = 0; i < 200 && rollout.weight() >= before; i++) {
            rollout.shared(1, 0.28, 0.05);
        }

        assertThat(rollout.weight()).isBetween(1, (int) (before / 1.5));
        assertThat(rollout.reason()).isEqualTo(Reason.PROGRESSING);
        assertThat(rollout.message()).startsWith("Lowered to " + rollout.weight() + " %: errors 28 % [");
    }

    @Test
    void no_warm_up_keeps_it_from_giving_less() {
        var rollout = until(20, rollout(new CountLimit.Max(0.3)), 0.28, 0.28).shared(8, 0.28, 0.28);
        var before = rollout.weight();
        rollout.warmup(Duration.ofHours(24)).climb(CLIMB);

        for (var i = 0; i < 200 && rollout.weight() >= before; i++) {
            rollout.shared(1, 0.28, 0.05);
        }

        assertThat(rollout.weight()).isBetween(1, (int) (before / 1.5));
        assertThat(rollout.reason()).isEqualTo(Reason.PROGRESSING);
    }

    @Test
    void evidence_that_starts_anew_lowers_nothing() {
        var rollout = until(20, rollout(), 0.01, 0.01);
        var held = ((Progressing) rollout.state()).rung();

        rollout.forgetting().shared(3, 0.01, 0.01);

        assertThat(rollout.weight()).isGreaterThanOrEqualTo(held.weight());
    }

    @Test
    void a_change_is_worth_a_write_from_half_as_much_again_on() {
        var findings = findings(10);

        assertThat(allowed(10, 15, 100, findings)).isEqualTo(15);
        assertThat(allowed(10, 14, 100, findings)).isEqualTo(10);
        assertThat(allowed(10, 31, 100, findings)).isEqualTo(30);
        assertThat(allowed(30, 20, 100, findings)).isEqualTo(20);
        assertThat(allowed(30, 21, 100, findings)).isEqualTo(30);
        assertThat(allowed(30, 32, 100, findings)).isEqualTo(30);
    }

    @Test
    void the_last_bit_up_to_a_third_or_the_ceiling_is_always_worth_one() {
        var findings = findings(10);

        assertThat(allowed(30, 33, 100, findings)).isEqualTo(33);
        assertThat(allowed(10, 15, 12, findings)).isEqualTo(12);
        assertThat(allowed(10, 15, 10, findings)).isEqualTo(10);
    }

    @Test
    void few_windows_lower_nothing() {
        assertThat(allowed(30, 20, 100, findings(7))).isEqualTo(30);
        assertThat(allowed(30, 20, 100, findings(8))).isEqualTo(20);
    }

    @Test
    void windows_of_the_warm_up_lower_nothing() {
        var warmingUp = Counted.with(new CountLimit.WorseThanStable(0.1)).warmup(Duration.ofHours(1));

        assertThat(allowed(30, 20, 100, findings(warmingUp, 12))).isEqualTo(30);
    }

    /** Where a ramp goes whose risk allows so many percent, and a little more. */
    private static int allowed(int from, int percent, int ceiling, Findings findings) {
        var share = findings.excess().orElseThrow().share();
        var climb = new RiskClimb((percent + 0.5) / 100 * share, Counted.INTERVAL);
        return climb.next(new Rung(1, from, from), ceiling, findings).weight();
    }

    /** After so many windows at 10 %, not yet safe. */
    private static Findings findings(int windows) {
        return findings(Counted.with(new CountLimit.WorseThanStable(0.1)), windows);
    }

    private static Findings findings(Counted rollout, int windows) {
        return findings(rollout.steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(0, 0, 10, 1000)
                .ticks(windows, 1, 100, 9, 900));
    }

    private static Findings findings(Counted rollout) {
        return ((Progressing) rollout.state()).measurements().findings(rollout.plan());
    }

    @Test
    void while_one_check_is_not_safe_yet_it_goes_by_risk() {
        var findings = findings(
                Counted.with(new CountLimit.WorseThanStable(0.1)).checks(2).others(new CountLimit.Max(0.5)), 10);

        assertThat(findings.all())
                .extracting(finding -> finding.verdict().text())
                .containsExactly("Undecided", "Safe");
        assertThat(allowed(10, 15, 100, findings)).isEqualTo(15);
    }

    @Test
    void before_the_first_window_the_message_says_so() {
        assertThat(CLIMB.missing(new Rung(1, 1, 1), new Rung(1, 1, 1), Findings.NONE))
                .hasValue("a first window");
    }

    @Test
    void a_third_sixty_ninety_and_all_are_its_rungs() {
        assertThat(CLIMB.size()).isEqualTo(4);
        assertThat(CLIMB.top(100)).isEqualTo(33);
        assertThat(CLIMB.top(20)).isEqualTo(20);
    }

    @Test
    void a_ceiling_stops_it_and_is_said() {
        var rollout = rollout().maxWeight(5);

        assertThat(rollout.weights(60, 0.01, 0.01)).endsWith(5);
        assertThat(rollout.reason()).isEqualTo(Reason.AT_MAX_WEIGHT);
    }

    @Test
    void a_ceiling_above_a_third_cuts_what_comes_after_it() {
        assertThat(rollout().maxWeight(50).weights(100, 0.01, 0.01)).endsWith(33, 50);
    }

    @Test
    void while_nothing_more_is_allowed_the_message_says_why() {
        var rollout = rollout().tick(0, 0, 10, 1000).ticks(3, 0, 2, 2, 198);

        assertThat(rollout.weight()).isEqualTo(1);
        assertThat(rollout.message())
                .isEqualTo("Measuring at 1 %: check errors needs more requests: up to "
                        + Numbers.percent(
                                findings(rollout).excess().orElseThrow().share())
                        + " of the candidate's might fail beyond what stable fails, which allows no higher weight at a"
                        + " risk of 1 %.");
    }

    @Test
    void at_a_third_the_message_says_what_every_check_still_needs() {
        var rollout = until(33, rollout(), 0.01, 0.01).shared(1, 0.01, 0.01);

        assertThat(rollout.weight()).isEqualTo(33);
        assertThat(rollout.message()).matches("Measuring at 33 %: check errors needs about \\d+ more windows?\\.");
    }

    @Test
    void above_a_third_nothing_rises_unproven_whichever_way_led_there() {
        var rollout = Counted.with(new CountLimit.WorseThanStable(0.1))
                .steps(List.of(new Step(75, Duration.ZERO)))
                .tick(0, 0, 1, 100)
                .climb(CLIMB)
                .ticks(20, 0, 30, 0, 20);

        assertThat(rollout.verdict()).isEqualTo("Undecided");
        assertThat(rollout.weight()).isEqualTo(60);
        assertThat(rollout.message()).startsWith("Measuring at 60 %: check errors needs about ");
    }

    @Test
    void above_a_third_each_weight_is_held_for_eight_windows() {
        assertThat(List.of(1, 2, 3).stream().map(number -> CLIMB.hold(new Rung(number, 0, 0))))
                .containsExactly(Duration.ZERO, Counted.INTERVAL.multipliedBy(8), Counted.INTERVAL.multipliedBy(8));
    }

    @Test
    void the_route_as_found_is_a_rung() {
        assertThat(CLIMB.notAbove(17, 100, 100)).isEqualTo(new Rung(1, 17, 17));
        assertThat(CLIMB.notAbove(1, 6, 100)).isEqualTo(new Rung(1, 16, 16));
        assertThat(CLIMB.notAbove(50, 100, 100)).isEqualTo(new Rung(1, 33, 33));
        assertThat(CLIMB.notAbove(75, 100, 100)).isEqualTo(new Rung(2, 60, 60));
        assertThat(CLIMB.notAbove(99, 100, 100)).isEqualTo(new Rung(3, 90, 90));
        assertThat(CLIMB.notAbove(75, 100, 50)).isEqualTo(new Rung(2, 60, 50));
        assertThat(CLIMB.notAbove(75, 100, 20)).isEqualTo(new Rung(1, 20, 20));
        assertThat(CLIMB.notAbove(0, 100, 100)).isEqualTo(Rung.GROUND);
        assertThat(CLIMB.notAbove(1, 100, 100)).isEqualTo(new Rung(1, 1, 1));
        assertThat(CLIMB.notAbove(0, 0, 100)).isEqualTo(Rung.GROUND);
    }

    @Test
    void whole_percents_up_to_a_third_and_its_steps_above_that_are_its_own() {
        assertThat(Stream.of(
                        new Rung(1, 1, 1),
                        new Rung(1, 33, 33),
                        new Rung(2, 60, 60),
                        new Rung(2, 60, 50),
                        new Rung(4, 100, 99)))
                .allMatch(CLIMB::has);
        assertThat(Stream.of(
                        Rung.GROUND,
                        new Rung(1, 0, 0),
                        new Rung(1, 34, 34),
                        new Rung(1, 30, 20),
                        new Rung(2, 50, 50),
                        new Rung(5, 100, 100)))
                .noneMatch(CLIMB::has);
    }

    @Test
    void only_what_one_rise_can_have_given_may_be_its_own() {
        assertThat(followers(Rung.GROUND)).containsExactly(1);
        assertThat(followers(new Rung(1, 2, 2))).containsExactly(3, 4, 5, 6, 60);
        assertThat(followers(new Rung(1, 30, 30))).containsExactly(31, 32, 33, 60);
        assertThat(followers(new Rung(2, 60, 60))).containsExactly(90);
        assertThat(followers(new Rung(3, 90, 90))).containsExactly(100);
    }

    private static Counted until(int weight, Counted rollout, double candidate, double stable) {
        for (var i = 0; i < 200 && rollout.weight() < weight; i++) {
            rollout.shared(1, candidate, stable);
        }
        assertThat(rollout.weight()).isBetween(weight, 33);
        return rollout;
    }

    private static List<Integer> followers(Rung rung) {
        var all = new ArrayList<Integer>();
        for (var weight = 1; weight <= 100; weight++) {
            if (CLIMB.mayFollow(rung, weight, 100)) {
                all.add(weight);
            }
        }
        return all;
    }

    private static Counted rollout(CountLimit... limits) {
        return (limits.length == 0 ? Counted.with(new CountLimit.WorseThanStable(0.1)) : Counted.with(limits))
                .climb(CLIMB)
                .history(5, 500);
    }
}
