package dev.modelrollout.rollout;

import static dev.modelrollout.rollout.Counted.pod;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.CountLimit.BetterThanStable;
import dev.modelrollout.analysis.CountLimit.Max;
import dev.modelrollout.analysis.CountLimit.MaxDifference;
import dev.modelrollout.analysis.CountLimit.WorseThanStable;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.rollout.Findings.Finding;
import dev.modelrollout.rollout.Ladder.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From sums of scores to weights. */
class ScoredTest {

    private static final QueryTemplate SUM = new QueryTemplate("sum{v=\"$version\"}");
    private static final QueryTemplate COUNT = new QueryTemplate("count{v=\"$version\"}");
    private static final QueryTemplate SQUARES = new QueryTemplate("squares{v=\"$version\"}");

    @Test
    void scores_as_high_as_stables_go_live() {
        var rollout = Counted.with(new MaxDifference(0.1)).source(quality()).tick(0, 0, 800, 1000);
        rollout.ticks(60, 400, 500, 400, 500);

        assertThat(rollout.state()).isInstanceOf(Live.class);
    }

    @Test
    void lower_scores_are_taken_back_and_the_message_speaks_of_scores() {
        var rollout = Counted.with(new MaxDifference(0.1)).source(quality()).tick(0, 0, 800, 1000);
        rollout.ticks(30, 40, 100, 720, 900);

        assertThat(rollout.reason()).isEqualTo(Reason.CHECK_FAILED);
        assertThat(rollout.message()).contains("v2 0.4 (", "scores), v1 0.8 (", "limit: minDifference -0.1");
    }

    @Test
    void low_scores_of_the_warm_up_are_harm() {
        var rollout = Counted.with(new MaxDifference(0.1))
                .source(quality())
                .warmup(Duration.ofHours(1))
                .tick(0, 0, 800, 1000);
        rollout.ticks(30, 40, 100, 720, 900);

        assertThat(rollout.reason()).isEqualTo(Reason.CHECK_FAILED);
    }

    @Test
    void where_lower_is_better_low_scores_are_good() {
        var toxicity = new EventCounters.Scored(SUM, COUNT, null, Better.LOWER);
        var low = Counted.with(new Max(0.5)).source(toxicity).tick(0, 0, 200, 1000);
        var high = Counted.with(new Max(0.5)).source(toxicity).tick(0, 0, 200, 1000);
        low.ticks(60, 50, 500, 100, 500);
        high.ticks(60, 450, 500, 100, 500);

        assertThat(low.state()).isInstanceOf(Live.class);
        assertThat(high.reason()).isEqualTo(Reason.CHECK_FAILED);
        assertThat(high.message()).contains("limit: max 0.5");
    }

    @Test
    void with_squares_means_are_compared() {
        var rollout = squared();
        for (var i = 1; i <= 20; i++) {
            rollout.tick(both(i, 79, 62.5));
        }

        assertThat(rollout.state()).isInstanceOf(Live.class);
    }

    @Test
    void with_squares_too_lower_may_be_better() {
        var toxicity = new EventCounters.Scored(SUM, COUNT, SQUARES, Better.LOWER);
        var same = Counted.with(new MaxDifference(0.1)).source(toxicity).tick(low(0, 20, 5));
        var worse = Counted.with(new MaxDifference(0.1)).source(toxicity).tick(low(0, 20, 5));
        for (var i = 1; i <= 30; i++) {
            same.tick(low(i, 21, 5.5));
            worse.tick(low(i, 60, 40));
        }

        assertThat(same.state()).isInstanceOf(Live.class);
        assertThat(worse.reason()).isEqualTo(Reason.CHECK_FAILED);
    }

    /** The same as {@link #both}; stable's scores are 0.2 on average. */
    private static Map<String, List<Map<Series, Double>>> low(int windows, double sum, double squares) {
        return Map.of(
                "v2", List.of(one("v2", windows * sum), one("v2", windows * squares), one("v2", windows * 100)),
                "v1", List.of(one("v1", windows * 20), one("v1", windows * 5), one("v1", windows * 100)));
    }

    @Test
    void a_step_needs_no_proof_that_the_difference_is_small() {
        var rollout = squared().tick(both(1, 80, 65)).tick(both(2, 80, 65));

        assertThat(rollout.weight()).isEqualTo(50);
        assertThat(rollout.verdict()).isEqualTo("Undecided");
    }

    @Test
    void means_are_compared_where_stable_has_more_scores() {
        var rollout = squared().steps(List.of(new Step(10, Duration.ZERO)));
        for (var i = 1; i <= 20; i++) {
            rollout.tick(both(i, 79, 62.5, 9));
        }

        assertThat(rollout.state()).isInstanceOf(Live.class);
    }

    /** Scores of 0.79 have squares from 0.6241, when all are the same, to 0.79, when some are 1 and the others 0. */
    @ParameterizedTest
    @ValueSource(doubles = {55, 90})
    void squares_that_no_scores_in_0_to_1_have_are_out_of_domain(double squares) {
        var rollout = squared().tick(both(1, 79, squares)).tick(both(2, 79, squares));

        assertThat(rollout.message()).contains("OutOfDomain");
    }

    /** The sums are scraped together, but rounded each by itself. */
    @ParameterizedTest
    @ValueSource(doubles = {62, 79.5})
    void squares_within_a_hundredth_of_what_scores_can_have_are_scores(double squares) {
        var rollout = squared().tick(both(1, 79, squares)).tick(both(2, 79, squares));

        assertThat(rollout.message()).doesNotContain("OutOfDomain");
        assertThat(numbers(rollout)).isEqualTo("v2 0.79 (200 scores), v1 0.8 (200 scores)");
    }

    @Test
    void a_sum_of_squares_that_fell_is_no_window() {
        var rollout = means().tick(sums(0, 0)).tick(sums(1, 62.5)).tick(sums(2, 60));

        assertThat(rollout.message()).doesNotContain("OutOfDomain");
        assertThat(numbers(rollout)).isEqualTo("v2 0.79 (100 scores), v1 0.8 (100 scores)");
    }

    /** Over all processes, after this many windows of 100 scores of each version, and these squares of the candidate. */
    private static Map<String, List<Map<Series, Double>>> sums(int windows, double squares) {
        var all = new Series("", "", "", "");
        var ofStable = windows + 1.0;
        return Map.of(
                "v2", List.of(Map.of(all, windows * 79.0), Map.of(all, squares), Map.of(all, windows * 100.0)),
                "v1", List.of(Map.of(all, ofStable * 80), Map.of(all, ofStable * 65), Map.of(all, ofStable * 100)));
    }

    @Test
    void what_is_known_of_scores_is_told_from_low_to_high() {
        var rollout = Counted.with(new MaxDifference(0.1))
                .source(quality())
                .steps(List.of(new Step(10, Duration.ofHours(1))))
                .tick(0, 0, 800, 1000)
                .ticks(3, 80, 100, 720, 900);

        var finding = finding(rollout);
        assertThat(finding.check().candidate(finding.measured()))
                .hasValueSatisfying(text -> assertThat(text).matches("0\\.8 \\[0\\.[4-7]\\d*, 0\\.[89]\\d*]"));
    }

    @Test
    void a_limit_is_told_as_the_field_that_sets_it() {
        var toxicity = new EventCounters.Scored(SUM, COUNT, null, Better.LOWER);

        assertThat(List.of(quality().text(new Max(0.2)), quality().text(new MaxDifference(0.1))))
                .containsExactly("min 0.8", "minDifference -0.1");
        assertThat(List.of(toxicity.text(new Max(0.2)), toxicity.text(new MaxDifference(0.1))))
                .containsExactly("max 0.2", "maxDifference 0.1");
        assertThat(quality().text(new WorseThanStable(0.1))).isEqualTo("worseThanStable 10 %");
        assertThat(quality().text(new BetterThanStable(0.1))).isEqualTo("betterThanStable 10 %");
    }

    @Test
    void without_a_score_none_is_told() {
        assertThat(quality().text(Counts.NONE)).isEqualTo("no score");
    }

    @Test
    void stables_scores_of_the_past_tell_how_long_it_will_take() {
        var rollout = Counted.with(new Max(0.5))
                .source(quality())
                .history(400, 500)
                .blindTick(Blindness.TIMEOUT)
                .tick(0, 0, 800, 1000);

        assertThat(rollout.message()).contains("until every check is safe, if v2 is as good as v1");
    }

    @Test
    void how_far_means_scatter_is_not_known_before_the_first_weight_and_nobody_waits_for_it() {
        var rollout = means().history(400, 500).blindTick(Blindness.TIMEOUT).tick(both(0, 79, 62.5));

        assertThat(rollout.message()).isEqualTo("Raised v2 to 10 %: pods are ready, checks answer.");
    }

    private static String numbers(Counted rollout) {
        var finding = finding(rollout);
        return finding.check().numbers(finding.measured(), "v2", "v1");
    }

    private static Finding finding(Counted rollout) {
        return ((Progressing) rollout.state())
                .measurements()
                .findings(rollout.plan())
                .all()
                .get(0);
    }

    @Test
    void a_sum_above_the_count_is_out_of_domain() {
        var rollout = Counted.with(new MaxDifference(0.1)).source(quality()).tick(0, 0, 800, 1000);
        rollout.tick(150, 100, 720, 900);

        assertThat(rollout.message()).contains("OutOfDomain");
    }

    @Test
    void a_process_that_counts_scores_and_has_no_sum_is_out_of_domain() {
        var rollout = Counted.with(new MaxDifference(0.1)).source(quality());
        rollout.tick(Map.of(
                "v1", List.of(Map.of(), Map.of(pod("v1", "a"), 100.0)),
                "v2", List.of(Map.of(), Map.of())));

        assertThat(rollout.message()).contains("OutOfDomain");
    }

    private static EventCounters quality() {
        return new EventCounters.Scored(SUM, COUNT, null, Better.HIGHER);
    }

    private static Counted squared() {
        return means().tick(both(0, 79, 62.5));
    }

    private static Counted means() {
        return Counted.with(new MaxDifference(0.1))
                .source(new EventCounters.Scored(SUM, COUNT, SQUARES, Better.HIGHER));
    }

    /** After this many windows of 100 scores of each version; stable's are 0.8 on average. */
    private static Map<String, List<Map<Series, Double>>> both(int windows, double sum, double squares) {
        return both(windows, sum, squares, 1);
    }

    /** The same, where stable has so many times the scores. */
    private static Map<String, List<Map<Series, Double>>> both(int windows, double sum, double squares, int times) {
        var ofStable = windows * times;
        return Map.of(
                "v2", List.of(one("v2", windows * sum), one("v2", windows * squares), one("v2", windows * 100)),
                "v1", List.of(one("v1", ofStable * 80), one("v1", ofStable * 65), one("v1", ofStable * 100)));
    }

    private static Map<Series, Double> one(String version, double value) {
        return Map.of(pod(version, "a"), value);
    }
}
