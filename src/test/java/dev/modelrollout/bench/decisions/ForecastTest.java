package dev.modelrollout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.NoisePrior;
import dev.modelrollout.analysis.Prior;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.analysis.Window;
import dev.modelrollout.bench.decisions.Cell.Traffic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said to be left until a check is safe, beside what it takes. */
class ForecastTest {

    private static final int RUNS = 100;
    private static final int FORECAST_AT = 30;
    private static final NoisePrior CALM = NoisePrior.same(new Prior(0.01, 0, 30));
    private static final SequentialCheck CHECK = new SequentialCheck(List.of(new CountLimit.WorseThanStable(0.1)));

    @ParameterizedTest(name = "{0} requests in a window, {1} % of them to the candidate, {2} bad")
    @CsvSource({"1, 50, 0.2", "4, 20, 0.2", "20, 10, 0.2", "200, 10, 0.05"})
    void is_right_within_a_factor_of_two(double requests, double weight, double bad) {
        var traffic = new Traffic(requests * weight / 100 / Service.INTERVAL.toSeconds(), weight);
        var cell = new Cell(100, traffic, bad, Noise.Model.IID);
        var ratios = new ArrayList<Double>();
        for (var run = 0; run < RUNS; run++) {
            ratios.addAll(ratio(cell, run));
        }

        assertThat(Numbers.median(ratios.stream().mapToDouble(Double::doubleValue)))
                .isBetween(0.5, 2.0);
    }

    /** Ticks without an answer make one long window of several. */
    @Test
    void long_windows_hold_more_and_take_longer() {
        var whole = CHECK.start(Instant.EPOCH, CALM);
        var twoByTwo = whole;
        for (var i = 0; i < FORECAST_AT; i++) {
            whole = CHECK.fold(whole, window(i, 1), 0.1, Instant.EPOCH);
            twoByTwo = i % 2 == 0 ? twoByTwo : CHECK.fold(twoByTwo, window(i - 1, 2), 0.1, Instant.EPOCH);
        }

        assertThat(CHECK.forecast(twoByTwo).timeToSafe().orElseThrow().toSeconds())
                .isCloseTo(CHECK.forecast(whole).timeToSafe().orElseThrow().toSeconds(), withinPercentage(20));
    }

    private static Window window(int from, int length) {
        var begin = Instant.EPOCH.plusSeconds(from);
        return new Window(
                begin,
                begin.plusSeconds(length),
                new Counts(length, 20.0 * length),
                new Counts(9 * length, 180.0 * length));
    }

    /** What is said after some windows, in what it takes; nothing when it is safe by then. */
    private static List<Double> ratio(Cell cell, int run) {
        var share = cell.traffic().share();
        var service = new Service(
                cell.traffic().candidatePerSecond() / share, cell.stableShare(), 1, cell.noise(), Dice.of(100, run));
        var evidence = CHECK.start(Instant.EPOCH, CALM);
        var said = 0L;
        var windows = 0;
        while (!evidence.safe()) {
            windows++;
            evidence = CHECK.fold(evidence, service.next(share), share, Instant.EPOCH);
            if (windows == FORECAST_AT) {
                said = CHECK.forecast(evidence).windowsToSafe().orElseThrow();
            }
        }
        return windows > FORECAST_AT ? List.of(said / (double) (windows - FORECAST_AT)) : List.of();
    }
}
