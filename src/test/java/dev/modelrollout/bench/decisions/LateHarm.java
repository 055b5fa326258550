package dev.modelrollout.bench.decisions;

import dev.modelrollout.bench.decisions.Judge.Before;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How many windows it takes to roll back a candidate that was good for a while and then turns bad. */
record LateHarm(int runs, List<List<String>> rows) {

    private static final List<Integer> GOOD = List.of(0, 12, 120);
    private static final List<Double> RATIOS = List.of(2.0, 3.0, 5.0, 10.0, 50.0);
    private static final double STABLE = 0.01;
    private static final double SHARE = 0.1;
    private static final double CANDIDATES = 1000;
    private static final int FIRST_CELL = 200;

    static LateHarm measured(int runs) {
        return new LateHarm(runs, RATIOS.stream().map(ratio -> row(ratio, runs)).toList());
    }

    private static List<String> row(double ratio, int runs) {
        var medians = Stream.of(true, false)
                .flatMap(knowsPast -> GOOD.stream().map(good -> median(ratio, good, knowsPast, runs)))
                .map(Numbers::whole);
        return Stream.concat(Stream.of(Numbers.shortest(ratio)), medians).toList();
    }

    private static double median(double ratio, int good, boolean knowsPast, int runs) {
        return Numbers.median(
                IntStream.range(0, runs).parallel().mapToDouble(run -> windows(ratio, good, knowsPast, run)));
    }

    /** Bad windows until the rollback; infinite when it takes more than two hours. */
    private static double windows(double ratio, int good, boolean knowsPast, int run) {
        var dice = Dice.of(FIRST_CELL + GOOD.indexOf(good), run);
        var before = service(1, dice);
        var past = before.past(Cell.PAST);
        var judge = Ours.holding(1.1, new Before(knowsPast ? past : List.of(), STABLE, SHARE));
        for (var i = 0; i < good; i++) {
            judge.rollsBackAfter(before.next(SHARE));
        }
        var after = service(ratio, dice);
        for (var windows = 1; windows <= Cell.WINDOWS; windows++) {
            if (judge.rollsBackAfter(after.next(SHARE))) {
                return windows;
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    private static Service service(double ratio, Dice dice) {
        return new Service(CANDIDATES / SHARE / Service.INTERVAL.toSeconds(), STABLE, ratio, Noise.Model.IID, dice);
    }

    Table table() {
        var columns = Stream.of("", ", no past")
                .flatMap(past -> GOOD.stream()
                        .map(good -> (good == 0 ? "bad from the start" : "after " + good + " good ones") + past));
        return new Table(
                "Windows in which a candidate is bad until it is rolled back, median, ours, rho 1.1; 1,000 of its requests"
                        + " in each, 10 % of all; stable 1 % bad; " + runs + " runs each",
                Stream.concat(Stream.of("times as bad"), columns).toList(),
                rows);
    }
}
