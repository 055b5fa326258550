package dev.modelrollout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.bench.decisions.Judge.Rule;
import java.util.List;

/** What the rules of this operator have to reach. */
final class Bars {

    private static final double ALPHA = 0.01;
    private static final double BETA = 0.05;
    private static final double MEAN = 0.005;
    private static final double EFFICIENCY = 2.2;

    private Bars() {}

    /** Of equal candidates in some cells of one noise and share. */
    static void assertFewFalseRollbacks(Rule rule, List<Tally> cells) {
        assertThat(FalseRollbacks.mean(cells))
                .as(rule.name() + ", mean of cells")
                .isLessThanOrEqualTo(MEAN);
        assertThat(FalseRollbacks.worst(cells))
                .as(rule.name() + ", worst cell")
                .isLessThanOrEqualTo(withError(ALPHA, cells));
    }

    /** Of candidates at the border of safety in some cells without noise. */
    static void assertFewFalselySafe(Rule rule, List<Tally> cells) {
        assertThat(FalseRollbacks.worst(cells))
                .as(rule.name() + ", worst cell")
                .isLessThanOrEqualTo(withError(BETA, cells));
    }

    /** What is promised, and three standard errors of it. */
    private static double withError(double promised, List<Tally> cells) {
        var runs = cells.get(0).ends().size();
        return promised + 3 * Math.sqrt(promised * (1 - promised) / runs);
    }

    /** Requests to a rollback, in what no test can do without. */
    static void assertFewRequests(Rule rule, double median) {
        assertThat(median).as(rule.name() + ", requests over the bound").isLessThanOrEqualTo(EFFICIENCY);
    }
}
