package dev.modelrollout.analysis;

import java.util.List;

/** Sums of numbers that are known by their natural logarithms, without overflow. */
final class LogSumExp {

    private LogSumExp() {}

    /** ln(sum of exp(x)); minus infinity for nothing, and for minus infinities alone. */
    static double of(List<Double> logs) {
        var greatest = logs.stream().mapToDouble(x -> x).max().orElse(Double.NEGATIVE_INFINITY);
        if (Double.isInfinite(greatest)) {
            return greatest;
        }
        var sum = 0.0;
        for (var log : logs) {
            sum += Math.exp(log - greatest);
        }
        return greatest + Math.log(sum);
    }

    /** The logarithm of the arithmetic mean; minus infinity of nothing. */
    static double mean(List<Double> logs) {
        return of(logs) - Math.log(Math.max(logs.size(), 1));
    }
}
