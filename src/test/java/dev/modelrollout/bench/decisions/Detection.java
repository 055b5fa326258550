package dev.modelrollout.bench.decisions;

import dev.modelrollout.bench.decisions.Judge.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How fast a bad candidate is rolled back, and how near that is to what no test can do without. */
record Detection(int runs, List<Case> cases) {

    static final List<Double> RATIOS = List.of(1.5, 2.0, 5.0);

    /**
     * A cell with a bad candidate.
     *
     * @param ratio how many times as bad as stable it is
     * @param tallies one for each rule, in their order
     */
    record Case(Cell cell, double ratio, List<Tally> tallies) {

        boolean isFinishedBy(int rule) {
            return tallies.get(rule).rolledBack() == 1;
        }

        /** Requests to the candidate until the rollback, in what no test can do without: at least one window. */
        double efficiency(int rule, double rho) {
            var needed =
                    Math.max(Bound.requests(cell, ratio, rho), cell.traffic().candidatePerWindow());
            return tallies.get(rule).meanRequests() / needed;
        }
    }

    /** All cells without noise, and one with. */
    static Detection measured(int runs) {
        var noisy = Cell.of(Noise.Model.NOISE, 0.01).stream()
                .filter(cell -> cell.traffic().name().equals("100@10"));
        var free = Cell.ALL.stream().filter(cell -> cell.noise().equals(Noise.Model.IID));
        return measured(Stream.concat(free, noisy).toList(), runs, Rules.ALL);
    }

    static Detection measured(List<Cell> cells, int runs, List<Rule> rules) {
        var cases = new ArrayList<Case>();
        for (var cell : cells) {
            for (var ratio : RATIOS) {
                cases.add(new Case(cell, ratio, Tally.of(cell, ratio, runs, rules)));
            }
        }
        return new Detection(runs, cases);
    }

    /** The median over all cases that end with a rollback in every run; {@code rule} counts from 0. */
    double medianEfficiency(int rule, double rho) {
        return Numbers.median(finished(rule).mapToDouble(found -> found.efficiency(rule, rho)));
    }

    private Stream<Case> finished(int rule) {
        return cases.stream()
                .filter(found -> found.cell().noise().equals(Noise.Model.IID))
                .filter(found -> found.isFinishedBy(rule));
    }

    Table times() {
        var head = Stream.concat(
                Stream.of("traffic", "times as bad"), Rules.ALL.stream().map(Rule::name));
        var rows = cases.stream()
                .filter(found -> found.cell().stableShare() == 0.01)
                .filter(found -> List.of("10@10", "100@10")
                        .contains(found.cell().traffic().name()))
                .map(found -> Stream.concat(
                                Stream.of(
                                        found.cell().noise().name() + " "
                                                + found.cell().traffic().name(),
                                        Numbers.shortest(found.ratio())),
                                found.tallies().stream().map(tally -> Numbers.whole(tally.medianSeconds())))
                        .toList());
        return new Table(
                "Median seconds until a bad candidate is rolled back, stable 1 % bad; \"-\": under half within two hours; "
                        + runs + " runs each",
                head.toList(),
                rows.toList());
    }

    Table efficiencies(int rule, double rho) {
        var head = Stream.concat(
                Stream.of("traffic"),
                Cell.SHARES.stream()
                        .flatMap(share -> RATIOS.stream()
                                .map(ratio -> Numbers.percent(share) + ", " + Numbers.shortest(ratio) + "x")));
        var rows = Cell.Traffic.ALL.stream().map(traffic -> efficienciesOf(traffic, rule, rho));
        return new Table(
                "Mean requests to a rollback / max(bound, one window), %s; \"-\": not every run ended within two hours. Median: %.2f"
                        .formatted(Rules.ALL.get(rule).name(), medianEfficiency(rule, rho)),
                head.toList(),
                rows.toList());
    }

    private List<String> efficienciesOf(Cell.Traffic traffic, int rule, double rho) {
        var figures = cases.stream()
                .filter(found -> found.cell().noise().equals(Noise.Model.IID))
                .filter(found -> found.cell().traffic().equals(traffic))
                .map(found -> found.isFinishedBy(rule) ? "%.1f".formatted(found.efficiency(rule, rho)) : "-");
        return Stream.concat(Stream.of(traffic.name()), figures).toList();
    }
}
