package dev.modelrollout.analysis;

/** What a test on counts tries to show. */
public enum Claim {
    /** The candidate is beyond its border. */
    CANDIDATE_HARMFUL,
    /** The candidate is below its border. */
    CANDIDATE_SAFE,
    /** Stable is beyond the same absolute border. */
    STABLE_HARMFUL;

    Bets bets() {
        return switch (this) {
            case CANDIDATE_HARMFUL, STABLE_HARMFUL -> Bets.OF_HARM;
            case CANDIDATE_SAFE -> Bets.OF_SAFETY;
        };
    }

    Certainty certainty() {
        return switch (this) {
            case CANDIDATE_HARMFUL, STABLE_HARMFUL -> Certainty.OF_HARM;
            case CANDIDATE_SAFE -> Certainty.OF_SAFETY;
        };
    }
}
