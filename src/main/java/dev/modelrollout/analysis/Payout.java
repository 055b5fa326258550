package dev.modelrollout.analysis;

/**
 * What one window pays to the bets on one border. Errors come in bursts, so a gain is divided by psi = 1 + Q/(2D): D is
 * the information of the bet, Q the variance that noise adds to it.
 *
 * @param candidateBad bad events of the candidate that noise may have multiplied (mc)
 * @param stableBad bad events of stable that noise may have multiplied (ms)
 * @param tolerated bad events of the candidate that delta allows (n_c delta)
 */
record Payout(
        NullHypothesis border,
        Counts candidate,
        Counts stable,
        double candidateBad,
        double stableBad,
        double tolerated,
        Experience experience) {

    /** No single window decides: e^4 is less than 1/alpha. */
    private static final double LARGEST_GAIN = 4;

    static Payout of(NullHypothesis border, Counts candidate, Counts stable, Experience experience) {
        var tolerated = candidate.total() * border.delta();
        var stableBad = border.isAbsolute()
                ? 0
                : expectedOfStable(stable, experience.stable().seen());
        var atBorder = border.isAbsolute()
                ? tolerated
                : border.rho() * candidate.total() * stableBad / stable.total() + tolerated;
        var candidateBad = Math.max(candidate.bad() - 1, atBorder);
        return new Payout(border, candidate, stable, candidateBad, stableBad, tolerated, experience);
    }

    private static double expectedOfStable(Counts window, Counts seen) {
        return seen.isEmpty() ? window.bad() : Math.max(window.bad() - 1, window.total() * seen.smoothedShare());
    }

    /** The logarithm that the bet on {@code kappa} is multiplied by. */
    double gain(double kappa) {
        var odds = border.odds(kappa, candidate.total(), stable.total());
        var gain = odds.gain(candidate.bad(), border.isAbsolute() ? 0 : stable.bad(), tolerated);
        return Math.min(gain / deflation(odds), LARGEST_GAIN);
    }

    private double deflation(Odds odds) {
        var information = odds.information(candidateBad, stableBad);
        return information > 0 ? 1 + extraVariance(odds) / (2 * information) : 1;
    }

    private double extraVariance(Odds odds) {
        if (border.isAbsolute()) {
            return experience.candidate().dispersion().phi() * odds.variance(candidateBad, 0);
        }
        return experience.pair().dispersion().phi() * odds.variance(candidateBad, stableBad)
                + experience.stable().dispersion().phi() * odds.variance(tolerated, 0);
    }
}
