package dev.modelrollout.analysis;

import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * The capital of a test, which began with 1. Where the null holds its mean never exceeds 1, so it reaches 1/alpha with
 * probability alpha at most, however often one looks (Ville 1939). All logarithms are natural.
 *
 * @param logs what each bet has become, in the order of the bets; minus infinity: nothing
 * @param logCash what is not staked; minus infinity: nothing
 */
public record Stakes(List<Double> logs, double logCash) {

    public Stakes {
        logs = List.copyOf(logs);
    }

    /** One unit in equal parts on so many bets. */
    static Stakes equal(int bets) {
        return new Stakes(Collections.nCopies(bets, -Math.log(bets)), Double.NEGATIVE_INFINITY);
    }

    /** The logarithm of all of it: the evidence against the null. */
    public double logE() {
        return LogSumExp.of(LogSumExp.of(logs), logCash);
    }

    /** After one window, which gave each bet the logarithm that {@code gain} knows for its place in {@code grid}. */
    Stakes plus(List<Double> grid, DoubleUnaryOperator gain) {
        return new Stakes(
                IntStream.range(0, logs.size())
                        .mapToObj(i -> logs.get(i) + gain.applyAsDouble(grid.get(i)))
                        .toList(),
                logCash);
    }

    /** Whether these are stakes on as many bets as those, test by test. */
    static boolean areAlike(List<Stakes> these, List<Stakes> those) {
        if (these.size() != those.size()) {
            return false;
        }
        for (var test = 0; test < these.size(); test++) {
            if (these.get(test).logs().size() != those.get(test).logs().size()) {
                return false;
            }
        }
        return true;
    }

    /** Whether nothing is infinite but what may be, and nothing undefined. */
    boolean isSound() {
        return logCash < Double.POSITIVE_INFINITY && logs.stream().allMatch(log -> log < Double.POSITIVE_INFINITY);
    }
}
