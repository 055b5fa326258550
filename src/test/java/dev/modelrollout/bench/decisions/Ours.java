package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.Experience;
import dev.modelrollout.analysis.RolloutHarm;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.analysis.SequentialEvidence;
import dev.modelrollout.analysis.Window;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * One check on counts with one limit: not worse than stable by more than a tolerance. The only place where this package
 * meets the rules that it measures.
 */
final class Ours implements Gate {

    private static final double RISK = 0.01;

    private final SequentialCheck check;
    private SequentialEvidence evidence;
    private double share;
    private Instant judgedFrom = Instant.EPOCH;

    /** A judge that tolerates a share of bad requests {@code rho} times that of stable, at least 1. */
    Ours(double rho, Before before) {
        check = new SequentialCheck(List.of(new CountLimit.WorseThanStable(rho - 1)));
        evidence = check.start(Instant.EPOCH, before.noise());
        share = before.share();
    }

    @Override
    public void enter(int weight, Instant judgedFrom) {
        share = weight / 100.0;
        this.judgedFrom = judgedFrom;
    }

    @Override
    public boolean rollsBackAfter(Window window) {
        evidence = check.fold(evidence, window, share, judgedFrom);
        return evidence.presence().isMissing() || harm().isProven();
    }

    RolloutHarm harm() {
        return RolloutHarm.of(Map.of("errors", check.harm(evidence)));
    }

    /** Whether safety was proven once. */
    boolean isSafe() {
        return evidence.safe();
    }

    Experience experience() {
        return evidence.experience();
    }

    @Override
    public boolean allows(int weight) {
        return evidence.blind() == null
                && !harm().forbidsRise()
                && experience().worstExcess() * weight / 100 <= RISK
                && (weight < 100 || isSafe());
    }
}
