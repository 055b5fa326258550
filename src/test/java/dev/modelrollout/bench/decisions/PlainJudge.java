package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Evidence;
import dev.modelrollout.analysis.Limits;
import dev.modelrollout.analysis.Limits.Range;
import dev.modelrollout.analysis.PlainCheck;
import dev.modelrollout.analysis.Reading;
import dev.modelrollout.analysis.Verdict;
import dev.modelrollout.analysis.Window;
import java.time.Instant;

/** This operator's check on a query: 3 readings in a row beyond a limit, each the share of one window. */
final class PlainJudge implements Judge {

    private final PlainCheck check;
    private Evidence evidence = Evidence.none(Instant.EPOCH);

    PlainJudge(Before before) {
        var limit = new Range(Double.NEGATIVE_INFINITY, Peers.LIMIT * before.stableShare());
        check = new PlainCheck(new Limits(limit, Range.ANY), 3);
    }

    @Override
    public boolean rollsBackAfter(Window window) {
        see(window, Instant.EPOCH);
        return verdict().fold(() -> false, undecided -> false, harmful -> true, blind -> false);
    }

    void see(Window window, Instant judgedFrom) {
        var reading = new Reading(answer(window, window.candidate()), answer(window, window.stable()));
        evidence = check.fold(evidence, reading, judgedFrom);
    }

    void atNewWeight() {
        evidence = evidence.atNewWeight();
    }

    Verdict verdict() {
        return check.verdict(evidence);
    }

    private static Answer answer(Window window, Counts counts) {
        return counts.isEmpty()
                ? new Answer.Missing(window.to(), Blindness.NO_DATA)
                : new Answer.Value(window.to(), counts.share());
    }
}
