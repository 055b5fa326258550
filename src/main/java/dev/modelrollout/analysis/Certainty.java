package dev.modelrollout.analysis;

/** How strong evidence has to be. By Ville's inequality it is so strong by chance with probability alpha at most. */
enum Certainty {
    /** A good candidate is rolled back with 1 % at most, over the whole rollout. */
    OF_HARM(0.01),
    /** A candidate beyond its border is called safe with 5 % at most. */
    OF_SAFETY(0.05);

    private final double alpha;

    Certainty(double alpha) {
        this.alpha = alpha;
    }

    /** ln(1/alpha). */
    double logE() {
        return -Math.log(alpha);
    }

    boolean isReachedBy(double evidence) {
        return evidence >= logE();
    }

    /** How far this evidence has come, 0..1. */
    double progress(double evidence) {
        return Math.min(Math.max(evidence / logE(), 0), 1);
    }
}
