package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.GaugeLimit.BetterThanStable;
import dev.modelrollout.analysis.GaugeLimit.WorseThanStable;
import dev.modelrollout.analysis.Limits.Range;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A gauge that is compared with stable's, reading by reading. */
class GaugeCheckTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final GaugeCheck TENTH_WORSE = comparing(Better.LOWER, new WorseThanStable(0.1));

    private GaugeEvidence evidence = TENTH_WORSE.start(START);
    private int tick;

    @Test
    void worse_by_more_ten_times_in_a_row_is_proven_and_nine_times_is_not() {
        see(TENTH_WORSE, 9, 1.2, 1);
        var nine = harm(TENTH_WORSE);
        see(TENTH_WORSE, 1, 1.2, 1);

        assertThat(nine.isProven()).isFalse();
        assertThat(harm(TENTH_WORSE).isProven()).isTrue();
    }

    @Test
    void each_reading_within_the_limits_is_some_evidence_of_safety() {
        var none = TENTH_WORSE.safety(evidence);
        see(TENTH_WORSE, 4, 1.05, 1);
        var some = TENTH_WORSE.safety(evidence);
        see(TENTH_WORSE, 2, 1.05, 1);

        assertThat(none).isZero();
        assertThat(some).isBetween(0.1, 0.9);
        assertThat(TENTH_WORSE.safety(evidence)).isGreaterThan(some).isLessThan(1);
    }

    @Test
    void evidence_fits_a_check_with_as_many_bets() {
        see(TENTH_WORSE, 4, 1.05, 1);

        assertThat(TENTH_WORSE.fits(evidence)).isTrue();
        assertThat(comparing(Better.LOWER, new WorseThanStable(0.1), new BetterThanStable(0.1))
                        .fits(evidence))
                .isFalse();
    }

    @Test
    void a_number_needs_stables_when_it_is_held_against_it() {
        var plain = new SignCheck(Better.LOWER, List.of());
        var bounded = new Range(0, 1);

        assertThat(new GaugeCheck(new PlainCheck(new Limits(bounded, Range.ANY), 3), plain).comparesWithStable())
                .isFalse();
        assertThat(new GaugeCheck(new PlainCheck(new Limits(Range.ANY, bounded), 3), plain).comparesWithStable())
                .isTrue();
        assertThat(TENTH_WORSE.comparesWithStable()).isTrue();
    }

    @Test
    void how_much_worse_one_reading_is_proves_nothing() {
        see(TENTH_WORSE, 1, 1e9, 1);

        assertThat(harm(TENTH_WORSE).logE()).isLessThan(Math.log(2));
    }

    @Test
    void the_margin_grows_with_what_stable_shows() {
        see(TENTH_WORSE, 8, 105, 100);

        assertThat(TENTH_WORSE.verdict(evidence)).isEqualTo(new Verdict.Safe());
        assertThat(harm(TENTH_WORSE).logE()).isNegative();
    }

    @Test
    void worse_by_less_is_safe_after_eight_readings() {
        see(TENTH_WORSE, 7, 1.05, 1);
        var seven = TENTH_WORSE.verdict(evidence);
        see(TENTH_WORSE, 1, 1.05, 1);

        assertThat(seven).isEqualTo(new Verdict.Undecided("about 1 more reading within its limits"));
        assertThat(TENTH_WORSE.verdict(evidence)).isEqualTo(new Verdict.Safe());
    }

    @Test
    void the_need_is_told_in_readings() {
        see(TENTH_WORSE, 3, 1.05, 1);

        assertThat(TENTH_WORSE.verdict(evidence))
                .isEqualTo(new Verdict.Undecided("about 5 more readings within its limits"));
    }

    @Test
    void what_was_safe_once_stays_so_until_harm_is_proven() {
        see(TENTH_WORSE, 8, 1, 1);
        see(TENTH_WORSE, 100, 2, 1);

        assertThat(TENTH_WORSE.verdict(evidence)).isEqualTo(new Verdict.Safe());
        assertThat(harm(TENTH_WORSE).isProven()).isTrue();
    }

    @Test
    void equal_to_the_limit_is_within_it_even_where_both_are_nothing() {
        see(TENTH_WORSE, 8, 0, 0);

        assertThat(TENTH_WORSE.verdict(evidence)).isEqualTo(new Verdict.Safe());
    }

    @Test
    void where_higher_is_better_lower_is_worse() {
        var quality = comparing(Better.HIGHER, new WorseThanStable(0.1));
        see(quality, 10, 0.85, 1);
        var lower = harm(quality);
        evidence = quality.start(START);
        see(quality, 10, 2, 1);

        assertThat(lower.isProven()).isTrue();
        assertThat(quality.verdict(evidence)).isEqualTo(new Verdict.Safe());
    }

    @Test
    void where_higher_is_better_a_little_lower_is_safe() {
        var quality = comparing(Better.HIGHER, new WorseThanStable(0.1));
        evidence = quality.start(START);
        see(quality, 20, 0.95, 1);

        assertThat(harm(quality).isProven()).isFalse();
        assertThat(quality.verdict(evidence)).isEqualTo(new Verdict.Safe());
    }

    @Test
    void the_lead_is_how_much_better_the_candidate_was_after_the_warm_up() {
        var quality = comparing(Better.HIGHER, new WorseThanStable(0.1));
        var warm = quality.fold(quality.start(START), reading(2, 1), Instant.MAX);
        evidence = quality.start(START);
        see(quality, 3, 2, 1);

        assertThat(warm.signs().lead()).isEqualTo(Lead.UNKNOWN);
        assertThat(evidence.signs().lead().difference()).hasValue(1.0);
    }

    @Test
    void what_has_to_be_better_is_never_safe_when_equal_and_never_harmful() {
        var cheaper = comparing(Better.LOWER, new BetterThanStable(0.1));
        evidence = cheaper.start(START);
        see(cheaper, 100, 1, 1);
        var equal = cheaper.verdict(evidence);
        evidence = cheaper.start(START);
        see(cheaper, 8, 0.8, 1);

        assertThat(equal).isInstanceOf(Verdict.Undecided.class);
        assertThat(cheaper.harm(evidence)).isEmpty();
        assertThat(cheaper.verdict(evidence)).isEqualTo(new Verdict.Safe());
        assertThat(cheaper.readingsToSafe(evidence)).isEmpty();
    }

    @Test
    void of_two_limits_the_one_with_least_evidence_counts() {
        var both = new GaugeCheck(
                new PlainCheck(new Limits(Range.ANY, Range.ANY), 3),
                new SignCheck(Better.LOWER, List.of(new WorseThanStable(0.1), new BetterThanStable(0.3))));
        evidence = both.start(START);
        see(both, 8, 0.8, 1);

        assertThat(both.safety(evidence)).isZero();
        assertThat(both.verdict(evidence)).isEqualTo(new Verdict.Undecided("about 24 more readings within its limits"));
    }

    @Test
    void readings_of_the_warm_up_count_for_harm_and_prove_no_safety() {
        for (var i = 0; i < 20; i++) {
            evidence = TENTH_WORSE.fold(evidence, reading(1, 1), Instant.MAX);
        }
        var good = TENTH_WORSE.safety(evidence);
        evidence = TENTH_WORSE.start(START);
        for (var i = 0; i < 10; i++) {
            evidence = TENTH_WORSE.fold(evidence, reading(2, 1), Instant.MAX);
        }

        assertThat(good).isZero();
        assertThat(harm(TENTH_WORSE).isProven()).isTrue();
    }

    @Test
    void a_reading_at_the_end_of_the_warm_up_is_judged() {
        var first = reading(1, 1);

        assertThat(TENTH_WORSE.fold(evidence, first, at(1)).signs().judged()).isEqualTo(1);
        assertThat(TENTH_WORSE.fold(evidence, first, at(2)).signs().judged()).isZero();
    }

    @Test
    void another_weight_keeps_all_that_was_compared_but_the_lead() {
        see(TENTH_WORSE, 8, 1, 2);

        assertThat(evidence.signs().lead()).isNotEqualTo(Lead.UNKNOWN);
        assertThat(evidence.atNewWeight().signs())
                .isEqualTo(new SignEvidence(evidence.signs().stakes(), 8, true, Lead.UNKNOWN));
    }

    @Test
    void without_stable_it_is_blind_and_the_evidence_stands_still() {
        see(TENTH_WORSE, 3, 1, 1);
        var before = evidence.signs();
        tick++;
        evidence = TENTH_WORSE.fold(
                evidence,
                new Reading(new Answer.Value(at(tick), 1), new Answer.Missing(at(tick), Blindness.TIMEOUT)),
                START);

        assertThat(TENTH_WORSE.verdict(evidence)).isEqualTo(new Verdict.Blind(Blindness.TIMEOUT));
        assertThat(evidence.signs()).isEqualTo(before);
    }

    @Test
    void the_same_reading_counts_once() {
        var reading = reading(1, 1);
        var once = TENTH_WORSE.fold(evidence, reading, START);

        assertThat(TENTH_WORSE.fold(once, reading, START)).isEqualTo(once);
    }

    @Test
    void a_plain_limit_beside_it_decides_by_itself() {
        var both = new GaugeCheck(
                new PlainCheck(new Limits(new Range(Double.NEGATIVE_INFINITY, 5), Range.ANY), 3),
                new SignCheck(Better.LOWER, List.of(new WorseThanStable(10))));
        see(both, 3, 6, 1);

        assertThat(both.verdict(evidence)).isEqualTo(new Verdict.Harmful(false));
        assertThat(harm(both).isProven()).isFalse();
    }

    /** As bad as the limit allows: half of the readings are beyond it. The rest is three standard errors. */
    @Test
    void a_candidate_on_the_limit_is_rolled_back_in_one_of_a_hundred_rollouts_at_most() {
        var rolledBack = IntStream.range(0, 500).filter(this::isRolledBack).count();

        assertThat(rolledBack).isLessThanOrEqualTo(5 + 7);
    }

    private boolean isRolledBack(int run) {
        var random = new Random(run);
        evidence = TENTH_WORSE.start(START);
        return IntStream.range(0, 200).anyMatch(i -> {
            see(TENTH_WORSE, 1, 1.1 + random.nextGaussian(), 1);
            return harm(TENTH_WORSE).isProven();
        });
    }

    @Test
    void the_estimate_is_the_readings_that_it_takes_at_best() {
        see(TENTH_WORSE, 5, 2, 1);
        var left = TENTH_WORSE.readingsToSafe(evidence).orElseThrow();
        see(TENTH_WORSE, (int) left - 2, 1, 1);
        var before = TENTH_WORSE.verdict(evidence);
        see(TENTH_WORSE, 2, 1, 1);

        assertThat(before).isInstanceOf(Verdict.Undecided.class);
        assertThat(TENTH_WORSE.verdict(evidence)).isEqualTo(new Verdict.Safe());
        assertThat(TENTH_WORSE.readingsToSafe(evidence)).hasValue(0);
    }

    private void see(GaugeCheck check, int times, double candidate, double stable) {
        for (var i = 0; i < times; i++) {
            evidence = check.fold(evidence, reading(candidate, stable), START);
        }
    }

    private Reading reading(double candidate, double stable) {
        tick++;
        return new Reading(new Answer.Value(at(tick), candidate), new Answer.Value(at(tick), stable));
    }

    private RolloutHarm harm(GaugeCheck check) {
        return RolloutHarm.of(Map.of("gauge", check.harm(evidence)));
    }

    private static GaugeCheck comparing(Better better, GaugeLimit... limits) {
        return new GaugeCheck(
                new PlainCheck(new Limits(Range.ANY, Range.ANY), 3), new SignCheck(better, List.of(limits)));
    }

    private static Instant at(int tick) {
        return START.plusSeconds(15L * tick);
    }

    @Test
    void a_margin_beyond_any_number_is_the_largest_one() {
        for (var side : GaugeLimit.Side.values()) {
            var stakes = new GaugeLimit.Bet(side, 2).after(SignTest.start(), 1, Double.MAX_VALUE);

            assertThat(stakes.logE()).isFinite();
        }
    }
}
