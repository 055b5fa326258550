package dev.modelrollout.analysis;

import java.util.List;

/** Sums of numbers that are known by their natural logarithms, without overflow. */
final class LogSumExp {

    private LogSumExp() {}

    /** ln(sum of exp(x)); minus infinity for nothing, and for minus infinities alone. */
    static double of(List<Double> logs) {
        var greatest = Double.NEGATIVE_INFINITY;
        for (var log : logs) {
            greatest = Math.max(greatest, log);
        }
        if (Double.isInfinite(greatest)) {
            return greatest;
        }
        var sum = 0.0;
        for (var log : logs) {
            sum += Math.exp(log - greatest);
        }
        return greatest + Math.log(sum);
    }

    /** The same of two numbers. */
    static double of(double one, double other) {
        var greatest = Math.max(one, other);
        return Double.isInfinite(greatest)
                ? greatest
                : greatest + Math.log(1 + Math.exp(Math.min(one, other) - greatest));
    }

    /** The logarithm of the arithmetic mean; minus infinity of nothing. */
    static double mean(List<Double> logs) {
        return of(logs) - Math.log(Math.max(logs.size(), 1));
    }
}
