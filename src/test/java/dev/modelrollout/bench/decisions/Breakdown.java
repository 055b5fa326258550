package dev.modelrollout.bench.decisions;

import java.util.List;
import java.util.stream.Stream;

/** How often an equal candidate is rolled back under noise that the tests are not made for. */
record Breakdown(int runs, List<List<Tally>> cells) {

    private static final double SHARE = 0.01;

    static Breakdown measured(int runs) {
        var first = Cell.ALL.size() + 100;
        var cells = Stream.iterate(0, i -> i + 1)
                .limit(Cell.Traffic.ALL.size())
                .map(i -> new Cell(first + i, Cell.Traffic.ALL.get(i), SHARE, Noise.Model.OUTAGES))
                .map(cell -> Tally.of(cell, 1, runs, Rules.OURS))
                .toList();
        return new Breakdown(runs, cells);
    }

    Table table() {
        var head = Stream.concat(Stream.of(""), Cell.Traffic.ALL.stream().map(Cell.Traffic::name));
        var rows = Rules.OURS.stream()
                .map(rule -> Stream.concat(
                                Stream.of(rule.name()),
                                cells.stream()
                                        .map(cell -> cell.get(Rules.OURS.indexOf(rule)))
                                        .map(tally -> "%.1f".formatted(100 * tally.rolledBack())))
                        .toList());
        return new Table(
                "Equal candidates that were rolled back, %, when either version alone is five times as bad for a minute,"
                        + " about once in half an hour; 1 % bad else; " + runs + " runs each",
                head.toList(),
                rows.toList());
    }
}
