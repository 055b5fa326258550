package dev.modelrollout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Noise is as strong, and lasts as long, as it says; measured on many short series, as the bench uses it. */
class NoiseTest {

    private static final int SERIES = 2_000;
    private static final int LENGTH = 100;

    @ParameterizedTest
    @CsvSource({"0.2, 0.5", "0.09, 0.9"})
    void a_lognormal_series_has_mean_variance_and_correlation(double variance, double correlation) {
        var sums = new double[3];
        IntStream.range(0, SERIES).forEach(run -> {
            var series = new LognormalSeries(variance, correlation, Dice.of(0, run));
            var before = series.next();
            for (var i = 1; i < LENGTH; i++) {
                var now = series.next();
                sums[0] += now;
                sums[1] += (now - 1) * (now - 1);
                sums[2] += (now - 1) * (before - 1);
                before = now;
            }
        });
        var n = (double) SERIES * (LENGTH - 1);
        System.out.printf(
                "lognormal: mean %.4f, variance %.4f, correlation %.4f%n", sums[0] / n, sums[1] / n, sums[2] / sums[1]);

        assertThat(sums[0] / n).isCloseTo(1, within(0.01));
        assertThat(sums[1] / n).isCloseTo(variance, within(0.05 * variance));
        assertThat(sums[2] / sums[1]).isCloseTo(correlation, within(0.01));
    }

    /** Between the two versions only the drift is common: 1.09 (1 + phi) - 1 and 0.09. */
    @ParameterizedTest
    @CsvSource({"NOISE, 0.308", "CORR, 0.308"})
    void a_version_has_bursts_of_its_own_and_shares_the_drift(String name, double variance) {
        var model = name.equals("NOISE") ? Noise.Model.NOISE : Noise.Model.CORR;
        var sums = new double[3];
        IntStream.range(0, SERIES).forEach(run -> {
            var noise = model.start().apply(Dice.of(0, run));
            for (var i = 0; i < LENGTH; i++) {
                var factors = noise.next();
                sums[0] += factors.one();
                sums[1] += (factors.one() - 1) * (factors.one() - 1);
                sums[2] += (factors.one() - 1) * (factors.other() - 1);
            }
        });
        var n = (double) SERIES * LENGTH;
        System.out.printf(
                "%s: mean %.4f, variance %.4f, covariance %.4f%n", name, sums[0] / n, sums[1] / n, sums[2] / n);

        assertThat(sums[0] / n).isCloseTo(1, within(0.01));
        assertThat(sums[1] / n).isCloseTo(variance, within(0.02));
        assertThat(sums[2] / n).isCloseTo(0.09, within(0.01));
    }
}
