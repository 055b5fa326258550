package dev.modelrollout.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelrollout.analysis.CountLimit.Max;
import dev.modelrollout.analysis.CountLimit.MaxDifference;
import dev.modelrollout.analysis.Forecast.Supposed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is expected of the next windows. */
class SupposedTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final SequentialCheck CHECK = new SequentialCheck(List.of(new Max(0.02)));
    private static final SequentialEvidence NONE = CHECK.start(START, NoisePrior.CAUTIOUS);
    private static final Window SHORT = window(0, 15, new Counts(2, 100), new Counts(9, 900));
    private static final Window LONG = window(15, 60, new Counts(6, 300), new Counts(27, 2700));

    @Test
    void without_a_window_no_traffic() {
        assertThat(Supposed.like(NONE)).isEqualTo(new Supposed(0, 0, 0, 0, 0));
    }

    @Test
    void the_mean_of_the_windows_of_this_weight_and_a_candidate_as_bad_as_stable() {
        assertThat(Supposed.like(seen(START, SHORT, LONG)))
                .isEqualTo(new Supposed(200, 1800, 36.5 / 3601, 36.5 / 3601, 30));
    }

    @Test
    void during_the_warm_up_the_newest_window() {
        assertThat(Supposed.like(seen(Instant.MAX, SHORT, LONG)))
                .isEqualTo(new Supposed(300, 2700, 36.5 / 3601, 36.5 / 3601, 45));
    }

    @Test
    void where_stable_has_no_traffic_a_candidate_as_bad_as_it_was() {
        assertThat(Supposed.like(seen(START, window(0, 15, new Counts(2, 100), Counts.NONE))))
                .isEqualTo(new Supposed(100, 0, 2.5 / 101, 2.5 / 101, 15));
    }

    @Test
    void of_stables_past_the_candidate_gets_its_share() {
        assertThat(Supposed.split(new Counts(9, 1000), 10, Duration.ofSeconds(20), 0.25))
                .isEqualTo(new Supposed(25, 75, 9.5 / 1001, 9.5 / 1001, 20));
    }

    @Test
    void a_faultless_candidate_differs_in_nothing_else() {
        var forecast = new Forecast(CHECK, NONE, new Supposed(25, 75, 0.01, 0.02, 15));

        assertThat(forecast.faultless()).isEqualTo(new Forecast(CHECK, NONE, new Supposed(25, 75, 0, 0.02, 15)));
    }

    @Test
    void before_the_first_window_the_best_bet_is_not_known_and_each_limit_has_its_own_noise() {
        var prior = new NoisePrior(new Prior(0.01, 0, 30), new Prior(0.2, 0, 30));
        var window = new Supposed(50, 450, 0.01, 0.01, 15);

        assertThat(forecast(new Max(0.02), prior, window))
                .isEqualTo(windows(new Outlook(new NullHypothesis(0, 0.02), 50, 450, 0.01, 0.01, 0.2)))
                .isGreaterThan(SequentialCheck.LEAST_JUDGED);
        assertThat(forecast(new MaxDifference(0.02), prior, window))
                .isEqualTo(windows(new Outlook(new NullHypothesis(1, 0.02), 50, 450, 0.01, 0.01, 0.01)))
                .isGreaterThan(SequentialCheck.LEAST_JUDGED);
    }

    @Test
    void of_the_windows_until_it_is_safe_as_much_is_left_as_of_the_evidence() {
        var evidence = seen(START, window(0, 15, new Counts(0, 200), new Counts(9, 900)));
        var forecast = new Forecast(CHECK, evidence, new Supposed(10, 90, 0.01, 0.01, 15));
        var phi = evidence.experience().candidate().dispersion().phi();
        var whole = windows(new Outlook(new NullHypothesis(0, 0.02), 10, 90, 0.01, 0.01, phi));

        assertThat(CHECK.safety(evidence)).isBetween(0.1, 0.9);
        assertThat((double) forecast.windowsToSafe().orElseThrow())
                .isCloseTo(whole * (1 - CHECK.safety(evidence)), within(1.0));
    }

    @Test
    void the_time_is_that_of_as_many_windows() {
        var forecast = new Forecast(CHECK, NONE, new Supposed(50, 450, 0.01, 0.01, 15));

        assertThat(forecast.timeToSafe())
                .hasValue(Duration.ofSeconds(15 * forecast.windowsToSafe().orElseThrow()));
    }

    private static long forecast(CountLimit limit, NoisePrior prior, Supposed window) {
        var check = new SequentialCheck(List.of(limit));
        return new Forecast(check, check.start(START, prior), window)
                .windowsToSafe()
                .orElseThrow();
    }

    private static long windows(Outlook outlook) {
        return (long) Math.ceil(outlook.windows(Certainty.OF_SAFETY.logE() + Bets.OF_SAFETY.spread(), Bets.OF_SAFETY));
    }

    @Test
    void requests_of_either_version_are_traffic() {
        assertThat(traffic(1, 0)).isTrue();
        assertThat(traffic(0, 1)).isTrue();
        assertThat(traffic(0, 0)).isFalse();
    }

    private static boolean traffic(double candidates, double stables) {
        return new Forecast(CHECK, NONE, new Supposed(candidates, stables, 0, 0, 15)).hasTraffic();
    }

    private static SequentialEvidence seen(Instant judgedFrom, Window... windows) {
        var evidence = NONE;
        for (var window : windows) {
            evidence = CHECK.fold(evidence, window, 0.1, judgedFrom);
        }
        return evidence;
    }

    private static Window window(int from, int to, Counts candidate, Counts stable) {
        return new Window(START.plusSeconds(from), START.plusSeconds(to), candidate, stable);
    }
}
