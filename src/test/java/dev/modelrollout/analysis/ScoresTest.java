package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoresTest {

    private static final MeanTest TEST = new MeanTest(1, 0.02);

    @ParameterizedTest
    @CsvSource({"3, 4, 9", "9, 1, 8", "1, -1, 9", "NaN, 0, 9", "1, 1, Infinity"})
    void what_cannot_be_scores_is_refused(double sum, double squares, double count) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Scores(sum, squares, count));
    }

    @Test
    void turned_scores_are_those_of_one_minus_each() {
        assertThat(new Scores(0.25 + 0.5, 0.0625 + 0.25, 2).turned())
                .isEqualTo(new Scores(0.75 + 0.5, 0.5625 + 0.25, 2));
    }

    @Test
    void mean_and_variance_are_those_of_the_scores() {
        var scores = new Scores(0.2 + 0.6, 0.04 + 0.36, 2);

        assertThat(scores.mean()).isCloseTo(0.4, within(1e-12));
        assertThat(scores.variance()).isCloseTo(0.04, within(1e-12));
        assertThat(scores.squaresAround(0.5)).isCloseTo(0.09 + 0.01, within(1e-12));
    }

    @Test
    void as_many_scores_as_counts_have_the_same_mean_and_variance() {
        var many = new Scores(3, 1, 10).ofAsMany(new Counts(0, 40));

        assertThat(many).isEqualTo(new Scores(12, 4, 40));
    }

    @Test
    void the_scatter_of_the_differences_says_how_many_scores_are_worth_one() {
        var calm = DesignEffect.NONE_SEEN.after(0, 4).after(0, 4);
        var once = DesignEffect.NONE_SEEN.after(0, 4).after(4, 4);

        assertThat(calm).isEqualTo(new DesignEffect(10, 12, 0, 0.5));
        // expected 0, found 4, of which the running mean takes half: 4 x 2 / 4
        assertThat(once).isEqualTo(new DesignEffect(12, 12, 1, 0.5));
        assertThat(new DesignEffect(10, 10, 0, 0.25).after(1e3, 4).squares()).isEqualTo(26);
        assertThat(new DesignEffect(30, 10, 0, 1).value()).isEqualTo(3);
        assertThat(new DesignEffect(5, 10, 0, 1).value()).isEqualTo(1);
    }

    @Test
    void where_three_scores_are_worth_one_a_window_gains_a_third() {
        assertThat(gain(new DesignEffect(30, 10, 0, 1)))
                .isPositive()
                .isCloseTo(gain(DesignEffect.NONE_SEEN) / 3, within(1e-12));
    }

    /** What the smallest bet gains in one window. */
    private static double gain(DesignEffect effect) {
        var candidate = new Scores(60, 40, 100);
        var stable = new Scores(40, 20, 100);
        var seen = new ScoreHistory(candidate, stable, effect);
        var before = MeanTest.start();
        return TEST.after(before, candidate, stable, seen).logs().get(0)
                - before.logs().get(0);
    }

    @Test
    void what_the_difference_was_so_far_is_weighed_by_how_sure_it_was() {
        var effect = DesignEffect.NONE_SEEN.after(0.1, 0.01).after(-0.1, 0.04);

        // sums of 0.1/0.01 - 0.1/0.04 and 1/0.01 + 1/0.04; expected 0.1 and then 0.06, found -0.1: 0.2 x 0.16 / 0.04
        assertThat(effect.differences()).isCloseTo(7.5, within(1e-9));
        assertThat(effect.weights()).isCloseTo(125, within(1e-9));
        assertThat(effect.squares()).isCloseTo(10.8, within(1e-9));
        assertThat(effect.windows()).isEqualTo(12);
    }

    @Test
    void a_history_knows_by_how_much_the_candidate_was_worse() {
        var effect = ScoreHistory.NONE
                .after(new Scores(60, 40, 100), new Scores(50, 30, 100))
                .orElseThrow()
                .designEffect();

        assertThat(effect.differences() / effect.weights()).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void a_candidate_with_most_of_the_traffic_breaks_no_bet() {
        var stakes = new MeanTest(1.1, 0)
                .after(MeanTest.start(), new Scores(100, 80, 1_000), new Scores(10, 8, 100), ScoreHistory.NONE);

        assertThat(stakes.isSound()).isTrue();
        assertThat(stakes.logE()).isBetween(-1.0, 0.1);
    }

    @Test
    void scores_of_any_number_can_be_added_while_they_are_finite() {
        var most = new Scores(1, 1, Double.MAX_VALUE);

        assertThat(most.canAdd(Scores.NONE)).isTrue();
        assertThat(most.canAdd(most)).isFalse();
        assertThat(new ScoreHistory(most, most, DesignEffect.NONE_SEEN).after(most, most))
                .isEmpty();
    }

    @Test
    void a_window_without_scores_of_either_version_changes_nothing() {
        var scores = new Scores(3, 1, 30);

        assertThat(TEST.after(MeanTest.start(), scores, Scores.NONE, ScoreHistory.NONE))
                .isEqualTo(MeanTest.start());
        assertThat(TEST.after(MeanTest.start(), Scores.NONE, scores, ScoreHistory.NONE))
                .isEqualTo(MeanTest.start());
        assertThat(ScoreHistory.NONE.after(scores, Scores.NONE)).contains(ScoreHistory.NONE);
    }

    @Test
    void scores_that_are_all_the_same_scatter_a_little() {
        var same = new Scores(50, 25, 100);

        // twice a millionth of 100 scores each
        assertThat(ScoreHistory.NONE.after(same, same))
                .hasValueSatisfying(
                        history -> assertThat(history.designEffect().weights()).isCloseTo(5e7, within(1.0)));
    }

    /** e^4 is less than the 100 that prove harm. */
    @Test
    void no_window_gives_a_bet_more_than_e_to_the_fourth() {
        var worst = TEST.after(MeanTest.start(), new Scores(1e6, 1e6, 1e6), new Scores(0, 0, 1e6), ScoreHistory.NONE);

        assertThat(worst.logE()).isCloseTo(4, within(1e-12));
    }

    @Test
    void a_window_that_cannot_be_reckoned_with_leaves_the_evidence_as_it_was() {
        var most = new Scores(0, 0, Double.MAX_VALUE);

        assertThat(ScoreHistory.NONE.after(most, most).flatMap(next -> next.after(most, most)))
                .isEmpty();
    }

    @Test
    void a_gauge_that_is_always_worse_is_proven_so_in_ten_windows_at_best() {
        var test = new SignTest(0.1);
        var stakes = SignTest.start();
        for (var i = 0; i < 10; i++) {
            stakes = test.after(stakes, 2, 1);
        }
        assertThat(Certainty.OF_HARM.isReachedBy(stakes.logE())).isTrue();
    }
}
