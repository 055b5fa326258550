package dev.modelrollout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A part of {@link AnalysisBench} that is over in seconds, with the same bars. */
class DecisionsTest {

    private static final int RUNS = 200;
    private static final int BAD_RUNS = 60;
    private static final List<Cell> CELLS =
            List.of(cell(Noise.Model.IID, "10@10"), cell(Noise.Model.NOISE, "100@10"), cell(Noise.Model.CORR, "10@1"));

    private static Cell cell(Noise.Model noise, String traffic) {
        return Cell.of(noise, 0.01).stream()
                .filter(cell -> cell.traffic().name().equals(traffic))
                .findFirst()
                .orElseThrow();
    }

    @TestFactory
    Stream<DynamicTest> hardly_any_equal_candidate_is_rolled_back() {
        var cells =
                CELLS.stream().map(cell -> Tally.of(cell, 1, RUNS, Rules.OURS)).toList();
        return IntStream.range(0, Rules.OURS.size())
                .mapToObj(rule -> dynamicTest(
                        Rules.OURS.get(rule).name(),
                        () -> Bars.assertFewFalseRollbacks(
                                Rules.OURS.get(rule),
                                cells.stream().map(cell -> cell.get(rule)).toList())));
    }

    @TestFactory
    Stream<DynamicTest> bad_candidates_cost_little_more_than_any_test_would() {
        var detection = Detection.measured(CELLS.subList(0, 1), BAD_RUNS, Rules.OURS);
        return Stream.of(
                dynamicTest(
                        Rules.OURS_TOLERANT.name(),
                        () -> Bars.assertFewRequests(Rules.OURS_TOLERANT, detection.medianEfficiency(0, 1.1))),
                dynamicTest(
                        Rules.OURS_STRICT.name(),
                        () -> Bars.assertFewRequests(Rules.OURS_STRICT, detection.medianEfficiency(1, 1.0))));
    }

    @Test
    void figures_do_not_depend_on_the_number_of_threads() {
        var cell = CELLS.get(1);

        var alone = new ForkJoinPool(1).submit(() -> Tally.of(cell, 2, 8, Rules.ALL));

        assertThat(alone.join()).isEqualTo(Tally.of(cell, 2, 8, Rules.ALL));
    }
}
