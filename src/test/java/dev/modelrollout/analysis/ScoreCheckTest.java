package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.CountLimit.MaxDifference;
import dev.modelrollout.analysis.CountLimit.WorseThanStable;
import dev.modelrollout.analysis.Window.Squares;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Scores that are compared by their means: what is found, and how seldom that is wrong. */
class ScoreCheckTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final SequentialCheck CHECK = new SequentialCheck(List.of(new MaxDifference(0.05)), true);
    private static final double USUAL = 0.2;
    private static final int RUNS = 200;
    private static final int WINDOWS = 60;

    /** One of a hundred, and three standard errors. */
    @Test
    void a_candidate_on_the_limit_is_seldom_harmful() {
        assertThat(share(USUAL + 0.05, ScoreCheckTest::isHarmful)).isLessThanOrEqualTo(0.03);
    }

    /** Five of a hundred, and three standard errors. */
    @Test
    void a_candidate_on_the_limit_is_seldom_safe() {
        assertThat(share(USUAL + 0.05, SequentialEvidence::safe)).isLessThanOrEqualTo(0.09);
    }

    @Test
    void a_candidate_like_stable_is_safe_and_a_worse_one_is_found() {
        assertThat(share(USUAL, SequentialEvidence::safe)).isGreaterThan(0.95);
        assertThat(share(USUAL + 0.15, ScoreCheckTest::isHarmful)).isGreaterThan(0.95);
    }

    @Test
    void squares_make_small_differences_visible_that_counts_do_not_show() {
        var byMeans = evidence(CHECK, 30, 0.21, 0.001);
        var byCounts = evidence(new SequentialCheck(List.of(new MaxDifference(0.05))), 30, 0.21, 0.001);

        assertThat(byMeans.safe()).isTrue();
        assertThat(byCounts.safe()).isFalse();
    }

    @Test
    void the_tolerated_part_of_stable_counts_for_means_as_for_counts() {
        var check = new SequentialCheck(List.of(new WorseThanStable(0.1)), true);

        assertThat(isProven(check, evidence(check, 40, 0.4, 0.01))).isTrue();
        assertThat(evidence(check, 40, 0.2, 0.01).safe()).isTrue();
    }

    @Test
    void the_need_is_told_in_windows() {
        var evidence = evidence(CHECK, 2, 0.2, 0.01);
        var left = CHECK.forecast(evidence).windowsToSafe().orElseThrow();

        assertThat(evidence(CHECK, 2 + (int) left, 0.2, 0.01).safe()).isTrue();
        assertThat(CHECK.verdict(evidence)).isInstanceOf(Verdict.Undecided.class);
    }

    @Test
    void each_window_leaves_fewer_to_come() {
        var narrow = new SequentialCheck(List.of(new MaxDifference(0.01)), true);
        var left = Stream.of(2, 6, 10)
                .map(windows -> narrow.forecast(evidence(narrow, windows, 0.2, 0.01))
                        .windowsToSafe()
                        .orElseThrow())
                .toList();

        assertThat(left).isSortedAccordingTo(Comparator.reverseOrder()).doesNotHaveDuplicates();
    }

    /** On the border y_c = rho y_s + delta stable is (y_c - delta) / rho. */
    @Test
    void safety_is_the_same_border_seen_from_stable() {
        var candidate = new Scores(60, 50, 100);
        var stable = new Scores(180, 90, 900);
        var effect = new DesignEffect(12, 11, 0.5, 1);

        assertThat(new ScoreTest(Claim.CANDIDATE_SAFE, new NullHypothesis(2, 0.1))
                        .after(MeanTest.start(), candidate, stable, new ScoreHistory(candidate, stable, effect)))
                .isEqualTo(new MeanTest(0.5, -0.05)
                        .after(
                                MeanTest.start(),
                                /* candidate= */ stable,
                                /* stable= */ candidate,
                                new ScoreHistory(stable, candidate, effect)));
    }

    @Test
    void the_slowest_limit_says_how_long_it_takes() {
        assertThat(need(new MaxDifference(0.01), new MaxDifference(0.5)))
                .isEqualTo(need(new MaxDifference(0.5), new MaxDifference(0.01)))
                .isEqualTo(need(new MaxDifference(0.01)))
                .isNotEqualTo(need(new MaxDifference(0.5)));
    }

    private static Verdict need(CountLimit... limits) {
        var check = new SequentialCheck(List.of(limits), true);
        return check.verdict(evidence(check, 1, 0.2, 0.01));
    }

    @Test
    void windows_of_the_warm_up_count_for_harm_and_prove_no_safety() {
        var good = evidence(CHECK, 30, 0.2, 0.01, Instant.MAX);
        var bad = evidence(CHECK, 30, 0.4, 0.01, Instant.MAX);

        assertThat(CHECK.safety(good)).isZero();
        assertThat(isHarmful(bad)).isTrue();
    }

    @Test
    void evidence_of_counts_does_not_fit() {
        var counts = new SequentialCheck(CHECK.limits());

        assertThat(CHECK.fits(counts.start(START, NoisePrior.CAUTIOUS))).isFalse();
        assertThat(CHECK.fits(CHECK.start(START, NoisePrior.CAUTIOUS))).isTrue();
    }

    private static double share(double mean, Predicate<SequentialEvidence> what) {
        return IntStream.range(0, RUNS)
                        .filter(run -> ends(mean, new SplittableRandom(run), what))
                        .count()
                / (double) RUNS;
    }

    private static boolean ends(double mean, SplittableRandom random, Predicate<SequentialEvidence> what) {
        var evidence = CHECK.start(START, NoisePrior.CAUTIOUS);
        for (var i = 0; i < WINDOWS && !what.test(evidence); i++) {
            evidence =
                    CHECK.fold(evidence, window(i, scores(random, 40, mean), scores(random, 360, USUAL)), 0.1, START);
        }
        return what.test(evidence);
    }

    /** Each is uniform in a range around the mean. */
    private static Scores scores(SplittableRandom random, int count, double mean) {
        var each = DoubleStream.generate(() -> mean + (random.nextDouble() - 0.5) * 0.4)
                .limit(count)
                .toArray();
        return new Scores(
                DoubleStream.of(each).sum(),
                DoubleStream.of(each).map(x -> x * x).sum(),
                count);
    }

    /** Windows of 40 scores against 360 of 0.2, all with this variance. */
    private static SequentialEvidence evidence(SequentialCheck check, int windows, double mean, double variance) {
        return evidence(check, windows, mean, variance, START);
    }

    private static SequentialEvidence evidence(
            SequentialCheck check, int windows, double mean, double variance, Instant judgedFrom) {
        var evidence = check.start(START, NoisePrior.CAUTIOUS);
        for (var i = 0; i < windows; i++) {
            evidence = check.fold(
                    evidence, window(i, same(40, mean, variance), same(360, 0.2, variance)), 0.1, judgedFrom);
        }
        return evidence;
    }

    private static Scores same(double count, double mean, double variance) {
        return new Scores(count * mean, count * (mean * mean + variance), count);
    }

    private static Window window(int i, Scores candidate, Scores stable) {
        return new Window(
                START.plusSeconds(15L * i),
                START.plusSeconds(15L * i + 15),
                new Counts(candidate.sum(), candidate.count()),
                new Counts(stable.sum(), stable.count()),
                new Squares(candidate.squares(), stable.squares()));
    }

    private static boolean isHarmful(SequentialEvidence evidence) {
        return isProven(CHECK, evidence);
    }

    private static boolean isProven(SequentialCheck check, SequentialEvidence evidence) {
        return RolloutHarm.of(Map.of("quality", check.harm(evidence))).isProven();
    }
}
