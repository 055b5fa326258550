package dev.modelrollout.bench.decisions;

import dev.modelrollout.bench.decisions.Judge.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How often an equal candidate is rolled back within two hours.
 *
 * @param columns one for each noise and share
 */
record FalseRollbacks(int runs, List<Column> columns) {

    /**
     * All traffic with one noise and share.
     *
     * @param cells for each rule, in their order, one for each traffic
     */
    record Column(String name, List<List<Tally>> cells) {}

    static FalseRollbacks measured(int runs) {
        var columns = new ArrayList<Column>();
        for (var noise : Cell.NOISES) {
            for (var share : Cell.SHARES) {
                columns.add(new Column(noise.name() + " " + Numbers.percent(share), cells(noise, share, runs)));
            }
        }
        return new FalseRollbacks(runs, columns);
    }

    private static List<List<Tally>> cells(Noise.Model noise, double share, int runs) {
        var byCell = Cell.of(noise, share).stream()
                .map(cell -> Tally.of(cell, 1, runs, Rules.ALL))
                .toList();
        return Rules.ALL.stream()
                .map(Rules.ALL::indexOf)
                .map(rule -> byCell.stream().map(tallies -> tallies.get(rule)).toList())
                .toList();
    }

    static double mean(List<Tally> cells) {
        return cells.stream().mapToDouble(Tally::rolledBack).average().orElse(Double.NaN);
    }

    static double worst(List<Tally> cells) {
        return cells.stream().mapToDouble(Tally::rolledBack).max().orElse(Double.NaN);
    }

    static String meanAndWorst(List<Tally> cells) {
        return "%.1f (%.1f)".formatted(100 * mean(cells), 100 * worst(cells));
    }

    Table table() {
        var head = Stream.concat(Stream.of(""), columns.stream().map(Column::name));
        return new Table(
                "Equal candidates that were rolled back, %, mean of " + Cell.Traffic.ALL.size()
                        + " kinds of traffic (worst); " + runs + " runs each",
                head.toList(),
                Rules.ALL.stream().map(this::row).toList());
    }

    private List<String> row(Rule rule) {
        var figures = columns.stream()
                .map(column -> column.cells().get(Rules.ALL.indexOf(rule)))
                .map(FalseRollbacks::meanAndWorst);
        return Stream.concat(Stream.of(rule.name()), figures).toList();
    }

    void assertBars() {
        for (var column : columns) {
            Rules.OURS.forEach(
                    rule -> Bars.assertFewFalseRollbacks(rule, column.cells().get(Rules.ALL.indexOf(rule))));
        }
    }
}
