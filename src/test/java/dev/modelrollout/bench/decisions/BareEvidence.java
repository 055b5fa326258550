package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.Experience;
import dev.modelrollout.analysis.NoisePrior;
import dev.modelrollout.analysis.RolloutHarm;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.analysis.SequentialEvidence;
import dev.modelrollout.analysis.Window;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The evidence of one check on counts, without the operator around it: for a pilot that the operator does not have yet.
 * One limit: not worse than stable by more than a tolerance.
 */
final class BareEvidence implements Judge {

    private final SequentialCheck check;
    private SequentialEvidence evidence;
    private double share;
    private Instant judgedFrom = Instant.EPOCH;

    /** A judge that tolerates a share of bad requests {@code rho} times that of stable, at least 1. */
    BareEvidence(double rho, Before before) {
        check = new SequentialCheck(List.of(new CountLimit.WorseThanStable(rho - 1)));
        evidence =
                check.start(Instant.EPOCH, NoisePrior.fromHistory(before.past()).orElse(NoisePrior.CAUTIOUS));
        share = before.share();
    }

    /** The weight is now this, in percent; windows that begin before {@code judgedFrom} show no safety. */
    void enter(int weight, Instant judgedFrom) {
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
}
