package dev.modelrollout.analysis;

/**
 * One claim, tested by betting on it window after window.
 *
 * <p>For independent requests E[a^k_c b^k_s] is at most exp(n_c p_c (a-1) + n_s p_s (b-1)), which the odds of {@link
 * NullHypothesis} make at most 1 on the border: the unknown baseline cancels. So the capital is a non-negative
 * supermartingale for every baseline, weight and window (test martingales: Shafer, Shen, Vereshchagin and Vovk, Statist.
 * Sci. 26, 2011; betting: Waudby-Smith and Ramdas, JRSS B 86, 2024).
 */
public record CountTest(Claim claim, NullHypothesis border) {

    public CountTest {
        if (claim == Claim.STABLE_HARMFUL && !border.isAbsolute()) {
            throw new IllegalArgumentException("stable is held against absolute limits only");
        }
    }

    Stakes start() {
        return claim.bets().placed();
    }

    /** The capital after a window; unchanged when it says nothing about the border. */
    Stakes after(Stakes before, Counts candidate, Counts stable, Experience experience) {
        return switch (claim) {
            case CANDIDATE_HARMFUL, CANDIDATE_SAFE -> bet(before, candidate, stable, experience);
            case STABLE_HARMFUL -> bet(before, stable, candidate, experience.ofStable());
        };
    }

    private Stakes bet(Stakes before, Counts candidate, Counts stable, Experience experience) {
        return border.concerns(candidate, stable)
                ? claim.bets().settled(before, Payout.of(border, candidate, stable, experience))
                : before;
    }
}
