package dev.modelrollout.analysis;

/** One claim about the mean badness of the candidate's scores, tested like {@link CountTest}, but by the means. */
record ScoreTest(Claim claim, NullHypothesis border) {

    ScoreTest {
        if (border.isAbsolute()) {
            throw new IllegalArgumentException("absolute limits are tested by counts");
        }
    }

    /** The capital after a window. */
    Stakes after(Stakes before, Scores candidate, Scores stable, ScoreHistory seen) {
        return claimsSafety()
                ? safe().after(before, stable, candidate, seen.turned())
                : harm().after(before, candidate, stable, seen);
    }

    /** Windows until it is proven, if all are like this one; for people, nothing is decided on it. */
    double windows(Stakes before, Scores candidate, Scores stable, ScoreHistory seen) {
        var logE = claim.certainty().logE();
        return claimsSafety()
                ? safe().windows(logE, before, stable, candidate, seen.turned())
                : harm().windows(logE, before, candidate, stable, seen);
    }

    private boolean claimsSafety() {
        return switch (claim) {
            case CANDIDATE_SAFE -> true;
            case CANDIDATE_HARMFUL, STABLE_HARMFUL -> false;
        };
    }

    private MeanTest harm() {
        return new MeanTest(border.rho(), border.delta());
    }

    /** That the candidate is at least on the border is that stable is at most (y_c - delta) / rho. */
    private MeanTest safe() {
        return new MeanTest(1 / border.rho(), -border.delta() / border.rho());
    }
}
