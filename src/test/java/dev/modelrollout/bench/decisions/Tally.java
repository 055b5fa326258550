package dev.modelrollout.bench.decisions;

import dev.modelrollout.bench.decisions.Cell.Rollout;
import dev.modelrollout.bench.decisions.Judge.Rule;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What one rule did in the runs of one cell.
 *
 * @param ends one for each run, in their order
 */
record Tally(List<End> ends) {

    /**
     * How a run ended.
     *
     * @param windows seen
     * @param requests to the candidate until then
     */
    record End(boolean rolledBack, int windows, double requests) {}

    /** One for each rule, all from the same runs; the same however many threads there are. */
    static List<Tally> of(Cell cell, double ratio, int runs, List<Rule> rules) {
        var byRun = IntStream.range(0, runs)
                .parallel()
                .mapToObj(run -> cell.rollout(run, ratio))
                .map(rollout -> rules.stream().map(rule -> end(rule, rollout)).toList())
                .toList();
        return IntStream.range(0, rules.size())
                .mapToObj(rule ->
                        new Tally(byRun.stream().map(ends -> ends.get(rule)).toList()))
                .toList();
    }

    private static End end(Rule rule, Rollout rollout) {
        var judge = rule.start().apply(rollout.before());
        var requests = 0.0;
        var windows = 0;
        for (var window : rollout.windows()) {
            requests += window.candidate().total();
            windows++;
            if (judge.rollsBackAfter(window)) {
                return new End(true, windows, requests);
            }
        }
        return new End(false, windows, requests);
    }

    /** The share of runs that were rolled back, 0..1. */
    double rolledBack() {
        return ends.stream().filter(End::rolledBack).count() / (double) ends.size();
    }

    /** Seconds after which half of the runs were rolled back; infinite when fewer were. */
    double medianSeconds() {
        var times = ends.stream()
                .mapToDouble(end -> end.rolledBack()
                        ? end.windows() * (double) Service.INTERVAL.toSeconds()
                        : Double.POSITIVE_INFINITY)
                .sorted()
                .toArray();
        return times[(times.length - 1) / 2];
    }

    double meanRequests() {
        return ends.stream().mapToDouble(End::requests).average().orElse(Double.NaN);
    }
}
