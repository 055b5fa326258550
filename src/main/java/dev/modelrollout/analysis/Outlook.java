package dev.modelrollout.analysis;

import dev.modelrollout.analysis.Bets.Bet;

/**
 * What windows like these would do to a test: for people, nothing is decided on it.
 *
 * @param candidates the candidate's events in a window
 * @param stables stable's events in a window
 * @param candidateShare the candidate's share of bad events, as supposed
 * @param stableShare stable's, as supposed
 * @param phi dispersion of what the border looks at
 */
record Outlook(
        NullHypothesis border,
        double candidates,
        double stables,
        double candidateShare,
        double stableShare,
        double phi) {

    /** Expected windows until the evidence has grown by {@code missing}; infinite when it will not. */
    double windows(double missing, Bets bets) {
        var fastest = bets.bets().stream().mapToDouble(this::gain).max().orElse(0);
        return fastest > 0 ? Math.max(0, missing) / fastest : Double.POSITIVE_INFINITY;
    }

    private double gain(Bet bet) {
        var odds = border.odds(bet.kappa(), candidates, stables);
        var gain = odds.gain(candidates * candidateShare, stableBad(), tolerated());
        var bad = Math.max(candidates * candidateShare - 1, candidates * border.rho() * stableShare + tolerated());
        var information = odds.information(bad, stableBad());
        return information > 0 ? gain / (1 + phi * odds.variance(bad, stableBad()) / (2 * information)) : gain;
    }

    private double stableBad() {
        return border.isAbsolute() ? 0 : stables * stableShare;
    }

    private double tolerated() {
        return candidates * border.delta();
    }
}
