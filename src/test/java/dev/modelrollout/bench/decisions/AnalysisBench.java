package dev.modelrollout.bench.decisions;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * All tables of {@code docs/decisions.md}, and the bars that they have to stay below. Fewer runs ({@code -Druns=40}) are
 * for a quick look: one false rollback among so few may already be beyond a bar.
 */
@Tag("bench")
class AnalysisBench {

    private static final int RUNS = Integer.getInteger("runs", 1000);
    private static final int FEWER_RUNS = Math.max(1, RUNS * 3 / 10);

    @Test
    void figures() {
        var started = System.nanoTime();
        print("make bench-decisions; throws: new SplittableRandom((1000 + cell) * 1000003 + run)");
        var falseRollbacks = FalseRollbacks.measured(RUNS);
        print(falseRollbacks.table());
        print(Breakdown.measured(FEWER_RUNS).table());
        var falseSafety = FalseSafety.measured(FEWER_RUNS);
        print(falseSafety.table());
        var detection = Detection.measured(FEWER_RUNS);
        print(detection.times());
        print(detection.efficiencies(0, 1.1));
        print(detection.efficiencies(1, 1.0));
        print(LateHarm.measured(FEWER_RUNS).table());
        var rollouts = WholeRollouts.measured(FEWER_RUNS);
        print(rollouts.promoted());
        print(rollouts.minutes());
        print(rollouts.failed());
        print("measured in " + Duration.ofNanos(System.nanoTime() - started).toSeconds() + " s");
        falseRollbacks.assertBars();
        falseSafety.assertBars();
        Bars.assertFewRequests(Rules.OURS_TOLERANT, detection.medianEfficiency(0, 1.1));
        Bars.assertFewRequests(Rules.OURS_STRICT, detection.medianEfficiency(1, 1.0));
    }

    private static void print(Object figure) {
        System.out.println(figure);
    }
}
