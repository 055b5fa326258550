package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Limits.Range;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlainCheckTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final long INTERVAL_SECONDS = 15;
    private static final PlainCheck AT_MOST_10 = check(new Range(Double.NEGATIVE_INFINITY, 10), Range.ANY, 3);
    private static final PlainCheck AT_MOST_1_WORSE = check(Range.ANY, new Range(Double.NEGATIVE_INFINITY, 1), 3);
    private static final PlainCheck BOTH_LIMITS =
            check(new Range(Double.NEGATIVE_INFINITY, 10), new Range(Double.NEGATIVE_INFINITY, 1), 3);

    @Test
    void harm_is_shared_when_stable_was_beyond_the_same_limit_as_often() {
        var evidence = fold(AT_MOST_10, reading(1, 11., 12.), reading(2, 11., 12.), reading(3, 11., 12.));

        assertThat(AT_MOST_10.verdict(evidence)).isEqualTo(new Verdict.Harmful(true));
    }

    @Test
    void harm_is_the_candidates_own_when_stable_was_beyond_less_often() {
        var evidence = fold(AT_MOST_10, reading(1, 11., 10.), reading(2, 11., 12.), reading(3, 11., 12.));

        assertThat(AT_MOST_10.verdict(evidence)).isEqualTo(new Verdict.Harmful(false));
    }

    @Test
    void shared_harm_becomes_the_candidates_own_as_soon_as_stable_is_well() {
        var evidence =
                fold(AT_MOST_10, reading(1, 11., 12.), reading(2, 11., 12.), reading(3, 11., 12.), reading(4, 11., 9.));

        assertThat(AT_MOST_10.verdict(evidence)).isEqualTo(new Verdict.Harmful(false));
    }

    @Test
    void a_reading_without_stable_keeps_what_was_known_of_stable() {
        var evidence = fold(
                AT_MOST_10, reading(1, 11., 12.), reading(2, 11., 12.), reading(3, 11., 12.), reading(4, 11., null));

        assertThat(AT_MOST_10.verdict(evidence)).isEqualTo(new Verdict.Harmful(true));
    }

    @Test
    void harm_by_the_difference_is_never_shared() {
        var evidence = fold(BOTH_LIMITS, reading(1, 14., 12.), reading(2, 14., 12.), reading(3, 14., 12.));

        assertThat(BOTH_LIMITS.verdict(evidence)).isEqualTo(new Verdict.Harmful(false));
    }

    @Test
    void readings_within_the_warm_up_prove_no_safety() {
        var evidence = foldJudgedFrom(3, AT_MOST_10, reading(1, 5., 5.), reading(2, 5., 5.), reading(3, 5., 5.));

        assertThat(AT_MOST_10.verdict(evidence)).isEqualTo(new Verdict.Undecided("2 readings in a row within limits"));
    }

    @Test
    void readings_from_the_end_of_the_warm_up_on_prove_safety() {
        var evidence = foldJudgedFrom(
                3, AT_MOST_10, reading(2, 5., 5.), reading(3, 5., 5.), reading(4, 5., 5.), reading(5, 5., 5.));

        assertThat(AT_MOST_10.verdict(evidence)).isEqualTo(new Verdict.Safe());
    }

    @Test
    void readings_within_the_warm_up_count_for_harm() {
        var evidence = foldJudgedFrom(9, AT_MOST_10, reading(1, 11., 5.), reading(2, 11., 5.), reading(3, 11., 5.));

        assertThat(AT_MOST_10.verdict(evidence)).isEqualTo(new Verdict.Harmful(false));
    }

    @Test
    void a_good_reading_within_the_warm_up_ends_the_row() {
        var evidence = foldJudgedFrom(
                9, AT_MOST_10, reading(1, 11., 5.), reading(2, 11., 5.), reading(3, 9., 5.), reading(4, 11., 5.));

        assertThat(evidence.beyond()).isEqualTo(1);
    }

    @Test
    void the_same_reading_counts_once() {
        var evidence = fold(AT_MOST_10, reading(1, 11., 5.), reading(1, 11., 5.), reading(1, 11., 5.));

        assertThat(evidence.beyond()).isEqualTo(1);
    }

    @Test
    void a_reading_older_than_the_evidence_changes_nothing() {
        var known = fold(AT_MOST_10, reading(4, 11., 5.));

        var evidence = AT_MOST_10.fold(known, reading(3, 9., 5.), START);

        assertThat(evidence).isEqualTo(known);
    }

    @Test
    void a_missing_answer_of_stable_blinds_only_a_check_that_compares() {
        var alone = fold(AT_MOST_10, reading(1, 5., null));
        var comparing = fold(AT_MOST_1_WORSE, reading(1, 5., null));

        assertThat(AT_MOST_10.verdict(alone)).isInstanceOf(Verdict.Undecided.class);
        assertThat(AT_MOST_1_WORSE.verdict(comparing)).isEqualTo(new Verdict.Blind(Blindness.NO_DATA));
    }

    @Test
    void a_reading_without_an_answer_keeps_the_newest_numbers() {
        var evidence = fold(AT_MOST_1_WORSE, reading(1, 5., 6.), reading(2, 7., null), reading(3, null, 8.));

        assertThat(evidence).isEqualTo(new Evidence(0, 0, 1, at(3), Blindness.NO_DATA, 7., 8.));
    }

    @Test
    void one_reading_beyond_a_limit_begins_the_row_within_anew() {
        var evidence =
                fold(AT_MOST_10, reading(1, 5., 5.), reading(2, 5., 5.), reading(3, 11., 5.), reading(4, 5., 5.));

        assertThat(evidence.within()).isEqualTo(1);
        assertThat(AT_MOST_10.verdict(AT_MOST_10.fold(evidence, reading(5, 5., 5.), START)))
                .isEqualTo(new Verdict.Undecided("1 reading within limits"));
    }

    @Test
    void another_weight_and_blindness_change_nothing_else() {
        var known = new Evidence(2, 1, 3, START, Blindness.TIMEOUT, 5., 6.);

        assertThat(known.atNewWeight()).isEqualTo(new Evidence(2, 1, 0, START, Blindness.TIMEOUT, 5., 6.));
        assertThat(known.blind(Blindness.STALE)).isEqualTo(new Evidence(2, 1, 3, START, Blindness.STALE, 5., 6.));
    }

    @Test
    void another_weight_forgets_what_was_within_limits_and_remembers_harm() {
        var good = fold(AT_MOST_10, reading(1, 5., 5.), reading(2, 5., 5.), reading(3, 5., 5.));
        var bad = fold(AT_MOST_10, reading(1, 11., 5.), reading(2, 11., 5.));

        assertThat(good.atNewWeight().within()).isZero();
        assertThat(bad.atNewWeight().beyond()).isEqualTo(2);
    }

    private static Evidence fold(PlainCheck check, Reading... readings) {
        return foldJudgedFrom(0, check, readings);
    }

    private static Evidence foldJudgedFrom(int tick, PlainCheck check, Reading... readings) {
        var evidence = Evidence.none(START);
        for (var reading : readings) {
            evidence = check.fold(evidence, reading, at(tick));
        }
        return evidence;
    }

    private static PlainCheck check(Range value, Range difference, int failures) {
        return new PlainCheck(new Limits(value, difference), failures);
    }

    private static Reading reading(int tick, @Nullable Double candidate, @Nullable Double stable) {
        return new Reading(answer(tick, candidate), answer(tick, stable));
    }

    private static Answer answer(int tick, @Nullable Double value) {
        return value == null ? new Answer.Missing(at(tick), Blindness.NO_DATA) : new Answer.Value(at(tick), value);
    }

    private static Instant at(int tick) {
        return START.plusSeconds(tick * INTERVAL_SECONDS);
    }
}
