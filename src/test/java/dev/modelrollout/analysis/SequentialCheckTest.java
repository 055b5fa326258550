package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modelrollout.analysis.CountLimit.BetterThanStable;
import dev.modelrollout.analysis.CountLimit.Max;
import dev.modelrollout.analysis.CountLimit.WorseThanStable;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SequentialCheckTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final double HALF = 0.5;
    private static final NoisePrior QUIET = NoisePrior.same(new Prior(0.01, 0, 30));
    private static final SequentialCheck AT_MOST_2_PERCENT = check(new Max(0.02));
    private static final SequentialCheck NOT_10_PERCENT_WORSE = check(new WorseThanStable(0.1));
    private static final SequentialCheck A_THIRD_BETTER = check(new BetterThanStable(0.3));
    private static final SequentialCheck BOTH = check(new Max(0.02), new WorseThanStable(0.1));
    private static final Counts ONE_PERCENT = new Counts(15, 1500);
    private static final Counts TWO_PERCENT = new Counts(30, 1500);
    private static final Counts TEN_PERCENT = new Counts(150, 1500);

    @Test
    void before_the_first_window_nothing_is_known() {
        assertThat(BOTH.verdict(none(BOTH))).isEqualTo(new Verdict.Undecided("a first window"));
    }

    @Test
    void a_candidate_as_good_as_stable_is_safe_in_time() {
        var evidence = after(30, NOT_10_PERCENT_WORSE, ONE_PERCENT, ONE_PERCENT);

        assertThat(NOT_10_PERCENT_WORSE.verdict(evidence)).isEqualTo(new Verdict.Safe());
        assertThat(NOT_10_PERCENT_WORSE.safety(evidence)).isEqualTo(1);
    }

    @Test
    void nobody_is_safe_before_eight_windows() {
        assertThat(after(7, AT_MOST_2_PERCENT, new Counts(0, 9000), ONE_PERCENT).safe())
                .isFalse();
        assertThat(after(8, AT_MOST_2_PERCENT, new Counts(0, 9000), ONE_PERCENT).safe())
                .isTrue();
    }

    @Test
    void a_window_without_a_request_of_the_candidate_is_none_of_the_eight() {
        var seven = after(7, AT_MOST_2_PERCENT, new Counts(0, 9000), ONE_PERCENT);

        var eight = AT_MOST_2_PERCENT.fold(seven, window(7, Counts.NONE, ONE_PERCENT), HALF, START);

        assertThat(eight.safe()).isFalse();
    }

    @Test
    void a_window_without_a_request_of_stable_is_none_of_the_eight_where_both_are_compared() {
        var good = new Counts(0, 9000);
        var compared = after(7, NOT_10_PERCENT_WORSE, good, TEN_PERCENT);
        var alone = after(7, AT_MOST_2_PERCENT, good, TEN_PERCENT);

        compared = NOT_10_PERCENT_WORSE.fold(compared, window(7, good, Counts.NONE), HALF, START);
        alone = AT_MOST_2_PERCENT.fold(alone, window(7, good, Counts.NONE), HALF, START);

        assertThat(compared.safe()).isFalse();
        assertThat(alone.safe()).isTrue();
        assertThat(NOT_10_PERCENT_WORSE
                        .fold(compared, window(8, good, TEN_PERCENT), HALF, START)
                        .safe())
                .isTrue();
    }

    /** Harmful is what is twice as bad, or worse; safe what is better than 2.4 times as bad. */
    @Test
    void a_candidate_within_a_wide_limit_is_safe_though_it_is_worse() {
        var check = check(new WorseThanStable(1));

        assertThat(after(40, check, new Counts(27, 1500), ONE_PERCENT).safe()).isTrue();
    }

    @Test
    void all_limits_have_to_be_kept_to_be_safe() {
        var withinMaxOnly = after(60, BOTH, new Counts(15, 1500), new Counts(5, 1500));

        assertThat(withinMaxOnly.safe()).isFalse();
    }

    @Test
    void the_evidence_of_safety_is_that_of_the_limit_that_has_least() {
        var withinMaxOnly = after(60, BOTH, new Counts(15, 1500), new Counts(5, 1500));

        assertThat(AT_MOST_2_PERCENT.safety(after(60, AT_MOST_2_PERCENT, new Counts(15, 1500), new Counts(5, 1500))))
                .isEqualTo(1);
        assertThat(BOTH.safety(withinMaxOnly)).isLessThan(1);
    }

    @Test
    void windows_that_touch_the_warm_up_prove_no_safety() {
        var evidence = none(AT_MOST_2_PERCENT);
        for (var i = 0; i < 20; i++) {
            evidence = AT_MOST_2_PERCENT.fold(evidence, window(i, new Counts(0, 9000), ONE_PERCENT), HALF, at(20));
        }

        assertThat(evidence.judged()).isZero();
        assertThat(AT_MOST_2_PERCENT.safety(evidence)).isZero();
    }

    @Test
    void windows_that_touch_the_warm_up_count_for_harm() {
        var evidence = none(AT_MOST_2_PERCENT);
        for (var i = 0; i < 4; i++) {
            evidence = AT_MOST_2_PERCENT.fold(evidence, window(i, TEN_PERCENT, ONE_PERCENT), HALF, at(20));
        }

        assertThat(harm(AT_MOST_2_PERCENT, evidence).isProven()).isTrue();
    }

    @Test
    void once_safe_it_stays_so() {
        var evidence = after(30, NOT_10_PERCENT_WORSE, ONE_PERCENT, ONE_PERCENT);
        for (var i = 30; i < 50; i++) {
            evidence = NOT_10_PERCENT_WORSE.fold(evidence, window(i, TEN_PERCENT, ONE_PERCENT), HALF, START);
        }

        assertThat(NOT_10_PERCENT_WORSE.safety(evidence)).isLessThan(1);
        assertThat(NOT_10_PERCENT_WORSE.verdict(evidence)).isEqualTo(new Verdict.Safe());
    }

    @Test
    void what_was_safe_and_is_not_seen_any_more_is_blind() {
        var safe = after(30, NOT_10_PERCENT_WORSE, ONE_PERCENT, ONE_PERCENT);

        assertThat(NOT_10_PERCENT_WORSE.verdict(safe.blind(Blindness.TIMEOUT)))
                .isEqualTo(new Verdict.Blind(Blindness.TIMEOUT));
    }

    @Test
    void a_gap_leaves_all_that_was_known() {
        var known = after(30, NOT_10_PERCENT_WORSE, ONE_PERCENT, ONE_PERCENT).blind(Blindness.TIMEOUT);

        assertThat(known.goingOnFrom(at(40)))
                .isEqualTo(new SequentialEvidence(
                        known.counts(),
                        known.scores(),
                        known.presence(),
                        known.pace(),
                        known.lead(),
                        30,
                        true,
                        at(40),
                        known.newest(),
                        Blindness.TIMEOUT));
    }

    @Test
    void at_another_weight_as_much_is_known_and_other_traffic_expected() {
        var here = after(3, BOTH, ONE_PERCENT, TWO_PERCENT).blind(Blindness.TIMEOUT);

        assertThat(here.pace().isKnown()).isTrue();
        assertThat(here.lead().difference()).isPresent();
        assertThat(here.atNewWeight())
                .isEqualTo(new SequentialEvidence(
                        here.counts(),
                        here.scores(),
                        here.presence(),
                        Pace.UNKNOWN,
                        Lead.UNKNOWN,
                        here.judged(),
                        here.safe(),
                        here.last(),
                        here.newest(),
                        here.blind()));
    }

    @Test
    void one_window_alone_never_proves_harm() {
        var evidence = after(1, NOT_10_PERCENT_WORSE, new Counts(1500, 1500), ONE_PERCENT);

        assertThat(harm(NOT_10_PERCENT_WORSE, evidence).isProven()).isFalse();
    }

    @Test
    void twice_the_share_of_stable_is_harm_in_time() {
        assertThat(harm(NOT_10_PERCENT_WORSE, after(20, NOT_10_PERCENT_WORSE, TWO_PERCENT, ONE_PERCENT))
                        .isProven())
                .isTrue();
        assertThat(harm(NOT_10_PERCENT_WORSE, after(200, NOT_10_PERCENT_WORSE, ONE_PERCENT, ONE_PERCENT))
                        .isProven())
                .isFalse();
    }

    @Test
    void a_limit_that_stable_breaks_too_is_no_harm_of_the_candidate() {
        var evidence = after(6, AT_MOST_2_PERCENT, TEN_PERCENT, TEN_PERCENT);

        assertThat(AT_MOST_2_PERCENT.harm(evidence)).allMatch(HarmEvidence::shared);
        assertThat(harm(AT_MOST_2_PERCENT, evidence).isProven()).isFalse();
    }

    @Test
    void only_the_limit_that_stable_breaks_too_is_no_harm_of_the_candidate() {
        var check = check(new Max(0.02), new Max(0.2));
        var evidence = after(6, check, new Counts(750, 1500), TEN_PERCENT);

        assertThat(check.harm(evidence)).extracting(HarmEvidence::shared).containsExactly(true, false);
    }

    @Test
    void not_to_be_better_than_stable_is_no_harm() {
        var evidence = after(20, A_THIRD_BETTER, TEN_PERCENT, ONE_PERCENT);

        assertThat(A_THIRD_BETTER.harm(evidence)).isEmpty();
        assertThat(evidence.safe()).isFalse();
    }

    @Test
    void a_candidate_that_is_better_by_more_than_asked_is_safe() {
        assertThat(after(60, A_THIRD_BETTER, new Counts(5, 1500), ONE_PERCENT).safe())
                .isTrue();
    }

    @Test
    void the_same_window_counts_once() {
        var evidence = after(3, BOTH, ONE_PERCENT, ONE_PERCENT);

        assertThat(BOTH.fold(evidence, window(2, TEN_PERCENT, ONE_PERCENT), HALF, START))
                .isEqualTo(evidence);
    }

    @Test
    void a_longer_window_bridges_a_gap() {
        var evidence = after(3, BOTH, ONE_PERCENT, ONE_PERCENT);

        var later = BOTH.fold(evidence, new Window(at(3), at(9), TEN_PERCENT, ONE_PERCENT), HALF, START);

        assertThat(later.last()).isEqualTo(at(9));
        assertThat(later.experience().windows()).isEqualTo(4);
    }

    @Test
    void after_too_long_a_gap_windows_before_its_end_count_no_more() {
        var evidence = after(3, BOTH, ONE_PERCENT, ONE_PERCENT).goingOnFrom(at(40));

        assertThat(BOTH.fold(evidence, window(39, TEN_PERCENT, ONE_PERCENT), HALF, START))
                .isEqualTo(evidence);
    }

    @Test
    void without_a_window_the_evidence_stands_still() {
        var evidence = after(3, BOTH, ONE_PERCENT, ONE_PERCENT);

        var blind = evidence.blind(Blindness.TIMEOUT);

        assertThat(BOTH.verdict(blind)).isEqualTo(new Verdict.Blind(Blindness.TIMEOUT));
        assertThat(blind.counts()).isEqualTo(evidence.counts());
        assertThat(BOTH.fold(blind, window(3, ONE_PERCENT, ONE_PERCENT), HALF, START)
                        .blind())
                .isNull();
    }

    @Test
    void stable_without_traffic_blinds_only_a_check_that_compares() {
        assertThat(after(1, NOT_10_PERCENT_WORSE, ONE_PERCENT, Counts.NONE).blind())
                .isEqualTo(Blindness.NO_DATA);
        assertThat(after(1, BOTH, ONE_PERCENT, Counts.NONE).blind()).isEqualTo(Blindness.NO_DATA);
        assertThat(after(1, AT_MOST_2_PERCENT, ONE_PERCENT, Counts.NONE).blind())
                .isNull();
    }

    @Test
    void where_traffic_is_low_a_window_without_any_is_chance() {
        var few = new Counts(0, 2);
        var evidence = after(10, NOT_10_PERCENT_WORSE, few, few);
        for (var i = 10; i < 14; i++) {
            evidence = NOT_10_PERCENT_WORSE.fold(evidence, window(i, few, Counts.NONE), HALF, START);
            assertThat(evidence.blind()).isNull();
        }

        for (var i = 14; i < 24; i++) {
            evidence = NOT_10_PERCENT_WORSE.fold(evidence, window(i, few, Counts.NONE), HALF, START);
        }

        assertThat(evidence.blind()).isEqualTo(Blindness.NO_DATA);
    }

    @Test
    void without_any_traffic_every_check_is_blind() {
        assertThat(after(1, AT_MOST_2_PERCENT, Counts.NONE, Counts.NONE).blind())
                .isEqualTo(Blindness.NO_DATA);
    }

    @Test
    void a_candidate_whose_traffic_stops_is_harmful() {
        var evidence = after(3, AT_MOST_2_PERCENT, ONE_PERCENT, ONE_PERCENT);
        evidence = AT_MOST_2_PERCENT.fold(evidence, window(3, Counts.NONE, ONE_PERCENT), HALF, START);
        evidence = AT_MOST_2_PERCENT.fold(evidence, window(4, Counts.NONE, ONE_PERCENT), HALF, START);

        assertThat(AT_MOST_2_PERCENT.verdict(evidence)).isEqualTo(new Verdict.Harmful(false));
    }

    @Test
    void a_window_that_cannot_be_reckoned_with_blinds_and_changes_nothing() {
        var known = after(3, AT_MOST_2_PERCENT, ONE_PERCENT, ONE_PERCENT);

        var evidence =
                AT_MOST_2_PERCENT.fold(known, window(3, new Counts(0, Double.MAX_VALUE), ONE_PERCENT), HALF, START);

        assertThat(evidence.blind()).isEqualTo(Blindness.NOT_FINITE);
        assertThat(evidence.counts()).isEqualTo(known.counts());
    }

    @Test
    void evidence_with_an_undefined_number_cannot_be_restored() {
        var sound = none(AT_MOST_2_PERCENT).counts();

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new CountEvidence(sound.experience(), List.of(new Stakes(List.of(Double.NaN), Double.NaN))));
    }

    @Test
    void evidence_fits_the_limits_that_it_was_made_for() {
        assertThat(BOTH.fits(none(BOTH))).isTrue();
        assertThat(BOTH.fits(none(AT_MOST_2_PERCENT))).isFalse();
    }

    @Test
    void the_need_is_told_in_windows() {
        var evidence = after(1, NOT_10_PERCENT_WORSE, ONE_PERCENT, ONE_PERCENT);

        assertThat(NOT_10_PERCENT_WORSE.verdict(evidence))
                .isEqualTo(new Verdict.Undecided("about "
                        + NOT_10_PERCENT_WORSE
                                .forecast(evidence)
                                .windowsToSafe()
                                .orElseThrow() + " more windows"));
    }

    @Test
    void each_window_leaves_fewer_to_come() {
        var candidate = new Counts(1, 100);
        var stable = new Counts(9, 900);
        var left = IntStream.rangeClosed(1, 5)
                .mapToLong(windows -> AT_MOST_2_PERCENT
                        .forecast(after(windows, AT_MOST_2_PERCENT, candidate, stable))
                        .windowsToSafe()
                        .orElseThrow())
                .boxed()
                .toList();

        assertThat(left).isSortedAccordingTo(Comparator.reverseOrder()).doesNotHaveDuplicates();
    }

    @Test
    void the_slowest_limit_says_how_long_it_takes() {
        assertThat(need(new Max(0.02), new Max(0.5)))
                .isEqualTo(need(new Max(0.5), new Max(0.02)))
                .isEqualTo(need(new Max(0.02)))
                .isNotEqualTo(need(new Max(0.5)));
    }

    private static Verdict need(CountLimit... limits) {
        var check = check(limits);
        return check.verdict(after(1, check, new Counts(1, 100), new Counts(9, 900)));
    }

    @Test
    void what_only_lacks_the_last_of_eight_windows_needs_one_more() {
        assertThat(AT_MOST_2_PERCENT.verdict(after(7, AT_MOST_2_PERCENT, new Counts(0, 9000), ONE_PERCENT)))
                .isEqualTo(new Verdict.Undecided("about 1 more window"));
    }

    @Test
    void before_its_first_request_a_candidate_needs_one() {
        assertThat(AT_MOST_2_PERCENT.verdict(after(1, AT_MOST_2_PERCENT, Counts.NONE, ONE_PERCENT)))
                .isEqualTo(new Verdict.Undecided("a first request"));
    }

    @Test
    void a_limit_that_cannot_be_shown_to_be_kept_says_so() {
        var nothingBad = check(new Max(0));
        var evidence = after(1, nothingBad, ONE_PERCENT, ONE_PERCENT);

        assertThat(nothingBad.verdict(evidence))
                .isEqualTo(new Verdict.Undecided(
                        "more traffic or a wider limit: this traffic would never show that it is safe"));
    }

    @Test
    void what_people_are_told_lies_around_what_was_seen() {
        var experience = after(20, BOTH, TWO_PERCENT, ONE_PERCENT).experience();

        assertThat(experience.candidate().seen().share()).isEqualTo(0.02);
        assertThat(experience.candidateShare().low()).isBetween(0.01, 0.02);
        assertThat(experience.candidateShare().high()).isBetween(0.02, 0.03);
        assertThat(experience.ratio().value()).isBetween(1.9, 2.1);
        assertThat(experience.worstExcess()).isBetween(0.01, 0.03);
    }

    @Test
    void each_version_by_itself_is_believed_to_be_as_noisy_as_stable_was_by_itself() {
        var prior = new NoisePrior(new Prior(0.01, 0, 30), new Prior(0.2, 0, 30));
        var experience = BOTH.start(START, prior).experience();

        assertThat(experience.candidate().dispersion().phi()).isEqualTo(0.2);
        assertThat(experience.stable().dispersion().phi()).isEqualTo(0.2);
        assertThat(experience.pair().dispersion().phi()).isEqualTo(0.01);
    }

    private static SequentialCheck check(CountLimit... limits) {
        return new SequentialCheck(List.of(limits));
    }

    private static SequentialEvidence none(SequentialCheck check) {
        return check.start(START, QUIET);
    }

    private static SequentialEvidence after(int windows, SequentialCheck check, Counts candidate, Counts stable) {
        var evidence = none(check);
        for (var i = 0; i < windows; i++) {
            evidence = check.fold(evidence, window(i, candidate, stable), HALF, START);
        }
        return evidence;
    }

    private static RolloutHarm harm(SequentialCheck check, SequentialEvidence evidence) {
        return RolloutHarm.of(Map.of("errors", check.harm(evidence)));
    }

    private static Window window(int number, Counts candidate, Counts stable) {
        return new Window(at(number), at(number + 1), candidate, stable);
    }

    private static Instant at(int tick) {
        return START.plusSeconds(15L * tick);
    }
}
