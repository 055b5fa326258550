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
        if (rank < 1 || notAbove(0, candidate, stable) >= rank || mean(candidate) < mean(stable)) {
            return false;
        }
        var all = (long) candidate.length * stable.length;
        var estimate = (ranked((all - 1) / 2 + 1, candidate, stable) + ranked(all / 2 + 1, candidate, stable)) / 2;
        return ranked(rank, candidate, stable) > TOLERANCE * Math.abs(estimate);
    }

    /** The bound is the difference with this rank, counted from 1; below 1 there is none. */
    private static int rankOfLowerBound(double n, double m) {
        return (int) Math.floor(n * m / 2 - NORMAL_QUANTILE_99 * Math.sqrt(n * m * (n + m + 1) / 12));
    }

    /** The difference with this rank among all, counted from 1; by halving, for they are too many to write down. */
    private static double ranked(long rank, double[] candidate, double[] stable) {
        var low = place(candidate[0] - stable[stable.length - 1]);
        var high = place(candidate[candidate.length - 1] - stable[0]);
        while (low < high) {
            var middle = (low & high) + ((low ^ high) >> 1);
            if (notAbove(at(middle), candidate, stable) >= rank) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return at(low);
    }

    /** Where this number stands in the row of all numbers, 0 at 0. */
    private static long place(double number) {
        var bits = Double.doubleToLongBits(number);
        return bits < 0 ? Long.MIN_VALUE - bits : bits;
    }

    private static double at(long place) {
        return Double.longBitsToDouble(place < 0 ? Long.MIN_VALUE - place : place);
    }

    /** How many of all differences are not above this one. */
    private static long notAbove(double bound, double[] candidate, double[] stable) {
        var count = 0L;
        var above = 0;
        for (var value : candidate) {
            while (above < stable.length && value - stable[above] > bound) {
                above++;
            }
            count += stable.length - above;
        }
        return count;
    }

    private static double mean(double[] sample) {
        return Arrays.stream(sample).average().orElse(Double.NaN);
    }
}
