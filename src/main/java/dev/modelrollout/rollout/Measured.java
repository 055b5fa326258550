package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Evidence;
import dev.modelrollout.analysis.Verdict;

/** The evidence of one check, and the identity of the check that it belongs to. */
public record Measured(String check, Evidence evidence) {

    /** What it says under the check's rule. */
    public Verdict verdict(RolloutPlan.NamedCheck named) {
        return named.rule().verdict(evidence);
    }
}
