package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.GaugeCheck;
import dev.modelrollout.analysis.GaugeLimit;
import dev.modelrollout.analysis.GaugeLimit.BetterThanStable;
import dev.modelrollout.analysis.GaugeLimit.WorseThanStable;
import dev.modelrollout.analysis.Limits;
import dev.modelrollout.analysis.Limits.Range;
import dev.modelrollout.analysis.PlainCheck;
import dev.modelrollout.analysis.SignCheck;
import dev.modelrollout.rollout.Findings.Finding;
import dev.modelrollout.rollout.Sights.Look;
import dev.modelrollout.rollout.Sights.Lost;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What readings of a gauge, compared with stable's, mean for a rollout. */
class QueryCheckTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration INTERVAL = Duration.ofSeconds(15);
    private static final QueryCheck COST = check(new WorseThanStable(0.2));

    @Test
    void worse_on_evidence_ends_the_rollout_and_says_how() {
        var nine = finding(COST, COST.measured(null, readings(9, 1.5, 1)));
        var ten = finding(COST, COST.measured(null, readings(10, 1.5, 1)));

        assertThat(nine.harmful()).isEmpty();
        assertThat(ten.harmful())
                .hasValueSatisfying(harm -> assertThat(harm.shared()).isFalse());
        assertThat(ten.breach("v2", "v1"))
                .isEqualTo("check cost: v2 1.5, v1 1; limit: max 4, worseThanStable 20 %, beyond it too often to be"
                        + " chance");
    }

    @Test
    void beyond_a_plain_limit_the_message_counts_the_readings() {
        var finding = finding(COST, COST.measured(null, readings(3, 5, 1)));

        assertThat(finding.harmful()).isPresent();
        assertThat(finding.breach("v2", "v1")).endsWith(", beyond it for 3 readings in a row");
    }

    @Test
    void a_step_needs_the_plain_limits_kept_and_not_yet_the_evidence() {
        var one = COST.measured(null, readings(1, 1, 1));
        var three = COST.measured(null, readings(3, 1, 1));

        assertThat(COST.isNeededForEachRise()).isFalse();
        assertThat(COST.missing(one, START)).hasValue("2 readings in a row within limits");
        assertThat(COST.missing(three, START)).isEmpty();
        assertThat(finding(COST, three).verdict().text()).isEqualTo("Undecided");
    }

    @Test
    void without_being_better_no_step_is_passed() {
        assertThat(check(new BetterThanStable(0.2)).isNeededForEachRise()).isTrue();
        assertThat(check(new WorseThanStable(0.2), new BetterThanStable(0.2)).isNeededForEachRise())
                .isTrue();
    }

    @Test
    void readings_from_before_the_gateway_served_the_weight_keep_no_limit() {
        var fourth = START.plus(INTERVAL.multipliedBy(4));
        var sights = readings(3, 1, 1);
        var early =
                new Sights(sights.looks(), null, List.of(), START, START, fourth, false, 0.1, 1, 1, INTERVAL, fourth);

        assertThat(COST.missing(COST.measured(null, early), START)).hasValue("3 readings in a row within limits");
    }

    @Test
    void another_weight_keeps_the_evidence_and_forgets_what_was_within_limits() {
        var measured = COST.measured(null, readings(8, 1, 1)).atNewWeight();

        assertThat(COST.safety(measured)).isEqualTo(1);
        assertThat(COST.missing(measured, START)).hasValue("3 readings in a row within limits");
    }

    @Test
    void the_lead_is_that_of_this_weight() {
        var measured = COST.measured(null, readings(4, 1, 2));

        assertThat(measured.lead().difference()).hasValue(1.0);
        assertThat(measured.atNewWeight().lead().difference()).isEmpty();
    }

    @Test
    void while_it_is_asked_in_vain_no_lead_is_known() {
        var seen = COST.measured(null, readings(4, 1, 2));
        var blind = COST.measured(seen, inVainAt(5));

        assertThat(Findings.of(List.of(COST), Map.of("cost", seen)).lead("cost"))
                .hasValue(1.0);
        assertThat(Findings.of(List.of(COST), Map.of("cost", blind)).lead("cost"))
                .isEmpty();
    }

    @Test
    void a_difference_is_told_in_the_unit_of_the_gauge() {
        var findings = Findings.of(List.of(COST), Map.of("cost", COST.measured(null, readings(4, 1, 2))));

        assertThat(findings.inUnitOf("cost", 0.5)).isEqualTo("0.5");
        assertThat(findings.inUnitOf("another", 0.5)).isEqualTo("50 %");
    }

    @Test
    void a_rise_rests_on_both_numbers_and_on_the_evidence() {
        assertThat(COST.support(COST.measured(null, readings(8, 1, 2)), "v2", "v1"))
                .isEqualTo("1 against 2 of v1, within limits 8 times in a row, 100 % of the evidence that it is safe");
    }

    @Test
    void the_time_that_is_left_is_that_of_as_many_readings() {
        assertThat(COST.timeToSafe(COST.measured(null, readings(1, 1, 1)), INTERVAL))
                .hasValue(INTERVAL.multipliedBy(7));
        assertThat(check().timeToSafe(check().measured(null, readings(1, 1, 1)), INTERVAL))
                .isEmpty();
    }

    @Test
    void evidence_of_other_limits_is_forgotten() {
        var measured = COST.measured(null, readings(8, 1, 1));
        var changed = check(new WorseThanStable(0.2), new BetterThanStable(0.1));

        assertThat(changed.safety(changed.measured(measured, readings(0, 1, 1))))
                .isZero();
    }

    @Test
    void asked_in_vain_it_is_blind_and_takes_in_what_comes_later_for_the_same_tick() {
        var blind = COST.measured(COST.measured(null, readings(2, 5, 1)), inVainAt(3));
        var third = COST.measured(blind, readings(3, 5, 1));

        assertThat(finding(COST, blind).blindness()).hasValue(Blindness.TIMEOUT);
        assertThat(finding(COST, third).harmful()).isPresent();
    }

    @Test
    void harm_stays_harm_when_it_is_asked_in_vain() {
        var blind = COST.measured(COST.measured(null, readings(3, 5, 1)), inVainAt(4));

        assertThat(finding(COST, blind).harmful()).isPresent();
    }

    @Test
    void of_two_checks_the_one_that_is_worse_on_evidence_is_blamed() {
        var speed = new QueryCheck("speed", COST.query(), check().rule(), "identity");

        var findings = Findings.of(
                List.of(speed, COST),
                Map.of(
                        "speed", speed.measured(null, readings(10, 1, 1)),
                        "cost", COST.measured(null, readings(10, 1.5, 1))));

        assertThat(findings.all())
                .extracting(finding -> finding.verdict().text())
                .containsExactly("Safe", "Harmful");
    }

    private static Finding finding(QueryCheck check, Measured measured) {
        return Findings.of(List.of(check), Map.of(check.name(), measured)).all().get(0);
    }

    private static Sights readings(int count, double candidate, double stable) {
        var looks = IntStream.rangeClosed(1, count)
                .mapToObj(i -> START.plus(INTERVAL.multipliedBy(i)))
                .map(tick -> new Look(
                        tick, List.of(new Answer.Value(tick, candidate)), List.of(new Answer.Value(tick, stable))))
                .toList();
        return sights(looks, null);
    }

    private static Sights inVainAt(int number) {
        return sights(List.of(), new Lost(START.plus(INTERVAL.multipliedBy(number)), Blindness.TIMEOUT));
    }

    private static Sights sights(List<Look> looks, @Nullable Lost lost) {
        return new Sights(
                looks, lost, List.of(), START, START, START, false, 0.1, 1, 1, INTERVAL, START.plus(INTERVAL));
    }

    private static QueryCheck check(GaugeLimit... limits) {
        var most = new Range(Double.NEGATIVE_INFINITY, 4);
        return new QueryCheck(
                "cost",
                new QueryTemplate("cost{v=\"$version\"}"),
                new GaugeCheck(
                        new PlainCheck(new Limits(most, Range.ANY), 3), new SignCheck(Better.LOWER, List.of(limits))),
                "identity");
    }
}
