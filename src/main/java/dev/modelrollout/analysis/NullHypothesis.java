package dev.modelrollout.analysis;

/**
 * The border that a test bets on one side of: the candidate's share of bad events is rho times stable's, plus delta.
 *
 * @param rho at least 0; 0 is an absolute limit, for which stable is not looked at
 * @param delta a share, 0..1
 */
public record NullHypothesis(double rho, double delta) {

    public NullHypothesis {
        if (!(rho >= 0 && delta >= 0 && delta <= 1) || !Double.isFinite(rho)) {
            throw new IllegalArgumentException("no border: rho " + rho + ", delta " + delta);
        }
    }

    /** Whether stable does not matter. */
    public boolean isAbsolute() {
        return rho == 0;
    }

    /** Whether windows with these counts say anything about it. */
    boolean concerns(Counts candidate, Counts stable) {
        return !candidate.isEmpty() && (isAbsolute() || !stable.isEmpty());
    }

    /**
     * The odds at which a bet on the candidate being {@code kappa} times as bad as the border is fair on the border,
     * whatever stable's own share: with u = rho n_c, b = (u + n_s) / (kappa u + n_s) and a = kappa b make
     * u(a-1) + n_s(b-1) = 0.
     */
    Odds odds(double kappa, double candidates, double stables) {
        if (isAbsolute()) {
            return new Odds(kappa - 1, 0);
        }
        var u = rho * candidates;
        var whole = kappa * u + stables;
        return new Odds((kappa - 1) * stables / whole, -(kappa - 1) * u / whole);
    }
}
