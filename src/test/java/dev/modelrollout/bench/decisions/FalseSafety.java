package dev.modelrollout.bench.decisions;

import dev.modelrollout.bench.decisions.Judge.Rule;
import java.util.ArrayList;
import java.util.List;

/**
 * How often a candidate that is just as bad as safety excludes, 1.5 times stable's share and 0.1 points, is called safe
 * within two hours.
 *
 * @param columns one for each noise and share: for each traffic what was called safe
 */
record FalseSafety(int runs, List<Column> columns) {

    private static final Rule SAFE = new Rule("ours, called safe", before -> {
        var ours = Ours.holding(1.1, before);
        return window -> {
            ours.rollsBackAfter(window);
            return ours.isSafe();
        };
    });

    /** All traffic with one noise and share. */
    record Column(Noise.Model noise, double share, List<Tally> cells) {}

    static FalseSafety measured(int runs) {
        var columns = new ArrayList<Column>();
        for (var noise : Cell.NOISES) {
            for (var share : Cell.SHARES) {
                var cells = Cell.of(noise, share).stream()
                        .map(cell -> Tally.of(cell, 1.5 + 0.001 / share, runs, List.of(SAFE)))
                        .map(tallies -> tallies.get(0))
                        .toList();
                columns.add(new Column(noise, share, cells));
            }
        }
        return new FalseSafety(runs, columns);
    }

    Table table() {
        return new Table(
                "Candidates at the border of safety that were called safe, %, mean of " + Cell.Traffic.ALL.size()
                        + " kinds of traffic (worst); " + runs + " runs each",
                columns.stream()
                        .map(column -> column.noise().name() + " " + Numbers.percent(column.share()))
                        .toList(),
                List.of(columns.stream()
                        .map(Column::cells)
                        .map(FalseRollbacks::meanAndWorst)
                        .toList()));
    }

    /** Where requests are independent. */
    void assertBars() {
        columns.stream()
                .filter(column -> column.noise().equals(Noise.Model.IID))
                .forEach(column -> Bars.assertFewFalselySafe(SAFE, column.cells()));
    }
}
