package dev.modelrollout.analysis;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether the candidate's gauge is oftener worse than stable's by more than a margin than not; higher is worse. One bet
 * on each window, independent of how large the difference is (a conditional sign test as a betting game: Waudby-Smith
 * and Ramdas, JRSS B 86, 2024).
 *
 * @param margin in the unit of the gauge, finite
 */
public record SignTest(double margin) {

    private static final List<Double> LAMBDAS = List.of(.2, .5, .8);

    public SignTest {
        if (!Double.isFinite(margin)) {
            throw new IllegalArgumentException("a margin is finite, not " + margin);
        }
    }

    /** Before the first window. */
    public static Stakes start() {
        return Stakes.equal(LAMBDAS.size());
    }

    /** Windows that have to be won in a row until one bet alone has this logarithm; 0 when it has. */
    static long winsTo(double logE, Stakes stakes) {
        var wins = IntStream.range(0, LAMBDAS.size())
                .mapToDouble(i -> (logE - stakes.logs().get(i)) / Math.log1p(LAMBDAS.get(i)))
                .min()
                .orElseThrow();
        return Math.max(0, (long) Math.ceil(wins));
    }

    /** The capital after one window with these finite values; unchanged when they differ by exactly the margin. */
    public Stakes after(Stakes before, double candidate, double stable) {
        var side = Math.signum(candidate - stable - margin);
        return before.plus(LAMBDAS, lambda -> Math.log1p(lambda * side));
    }
}
