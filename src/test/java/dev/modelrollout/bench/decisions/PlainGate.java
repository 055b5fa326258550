package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.Window;
import java.time.Instant;

/** The check on a query: each rise needs 3 readings in a row within the limit at this weight. */
final class PlainGate implements Gate {

    private final PlainJudge judge;
    private Instant judgedFrom = Instant.EPOCH;

    PlainGate(Before before) {
        judge = new PlainJudge(before);
    }

    @Override
    public void enter(int weight, Instant judgedFrom) {
        this.judgedFrom = judgedFrom;
        judge.atNewWeight();
    }

    @Override
    public boolean rollsBackAfter(Window window) {
        judge.see(window, judgedFrom);
        return judge.verdict().fold(() -> false, undecided -> false, harmful -> true, blind -> false);
    }

    @Override
    public boolean allows(int weight) {
        return judge.verdict().fold(() -> true, undecided -> false, harmful -> false, blind -> false);
    }
}
