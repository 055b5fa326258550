package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The default judge of Kayenta on one metric: the share of bad requests, one value for each version and window of 15 s,
 * with {@code direction: increase}, {@code nanStrategy: remove} and the defaults of effect size and outliers.
 *
 * <p>The metric is High when the 98 % confidence interval that the Mann-Whitney test gives for the difference lies above
 * a quarter of the estimated difference (Hodges-Lehmann), and the mean is at least the baseline's. As the only metric it
 * then makes the score 0: below any marginal and any pass score, so the canary fails. The interval is that of the normal
 * approximation without a correction for ties.
 *
 * <p>It looks every 30 minutes, each time at all windows since the beginning ({@code Interval: 30}, {@code Lookback
 * Type: Growing}).
 */
final class KayentaJudge implements Judge {

    private static final int INTERVAL = 120;
    private static final double NORMAL_QUANTILE_99 = 2.3263478740408408;
    private static final double TOLERANCE = 0.25;

    private final List<Double> candidate = new ArrayList<>();
    private final List<Double> stable = new ArrayList<>();
    private int windows;

    @Override
    public boolean rollsBackAfter(Window window) {
        if (!window.candidate().isEmpty()) {
            candidate.add(window.candidate().share());
        }
        if (!window.stable().isEmpty()) {
            stable.add(window.stable().share());
        }
        windows++;
        return windows % INTERVAL == 0 && isHigh(sorted(candidate), sorted(stable));
    }

    private static double[] sorted(List<Double> sample) {
        return sample.stream().mapToDouble(x -> x).sorted().toArray();
    }

    /** Whether the first of two sorted samples is significantly higher. */
    static boolean isHigh(double[] candidate, double[] stable) {
        var rank = rankOfLowerBound(candidate.length, stable.length);
        if (rank < 1 || notPositive(candidate, stable) >= rank || mean(candidate) < mean(stable)) {
            return false;
        }
        var differences = differences(candidate, stable);
        var estimate = median(differences);
        return differences[rank - 1] > TOLERANCE * Math.abs(estimate);
    }

    /** The bound is the difference with this rank, counted from 1; below 1 there is none. */
    private static int rankOfLowerBound(double n, double m) {
        return (int) Math.floor(n * m / 2 - NORMAL_QUANTILE_99 * Math.sqrt(n * m * (n + m + 1) / 12));
    }

    /** How many of all differences are not above 0; told without writing them down, for most samples end here. */
    private static long notPositive(double[] candidate, double[] stable) {
        var count = 0L;
        var below = 0;
        for (var value : candidate) {
            while (below < stable.length && stable[below] < value) {
                below++;
            }
            count += stable.length - below;
        }
        return count;
    }

    private static double[] differences(double[] candidate, double[] stable) {
        var all = new double[candidate.length * stable.length];
        var i = 0;
        for (var one : candidate) {
            for (var other : stable) {
                all[i++] = one - other;
            }
        }
        Arrays.sort(all);
        return all;
    }

    private static double median(double[] sorted) {
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private static double mean(double[] sample) {
        return Arrays.stream(sample).average().orElse(Double.NaN);
    }
}
