package dev.modelrollout.analysis;

import java.util.OptionalLong;

/** How long a check will take if windows go on like this; for people, nothing is decided on it. */
public record Forecast(SequentialCheck check, SequentialEvidence evidence, Supposed window) {

    /** Nobody waits for so many windows. */
    private static final double FOR_EVER = 1e9;

    /**
     * A window as it is supposed to be.
     *
     * @param candidates the candidate's events
     * @param stables stable's events
     * @param share of bad events among stable's
     */
    public record Supposed(double candidates, double stables, double share) {

        /**
         * Like those of this weight, or the newest until one of this weight is warm; stable is as bad as it was so far.
         * Without any window there is no traffic.
         */
        static Supposed like(SequentialEvidence evidence) {
            var newest = evidence.newest();
            if (newest == null) {
                return new Supposed(0, 0, 0);
            }
            var pace = evidence.pace().isKnown() ? evidence.pace() : Pace.UNKNOWN.after(newest);
            var stable = evidence.experience().stable().seen();
            var usual = stable.isEmpty() ? evidence.experience().candidate().seen() : stable;
            return new Supposed(pace.candidatesPerWindow(), pace.stablesPerWindow(), usual.smoothedShare());
        }

        /** All of stable's events, of which the candidate gets this share from now on. */
        public static Supposed split(Counts all, double candidate) {
            return new Supposed(candidate * all.total(), (1 - candidate) * all.total(), all.smoothedShare());
        }
    }

    /**
     * Windows until the check is safe, if the candidate is as good as stable; at least 1. Empty when it would take for
     * ever: too little traffic, or a limit that such a candidate does not keep.
     */
    public OptionalLong windowsToSafe() {
        var proof = check.testsFor(Claim.CANDIDATE_SAFE)
                .mapToDouble(test -> windows(test, 1, check.tests().logE(test, evidence.counts())))
                .max()
                .orElse(Double.POSITIVE_INFINITY);
        return whole(Math.max(proof, SequentialCheck.LEAST_JUDGED - evidence.judged()));
    }

    /**
     * Windows until harm is proven from nothing, if the candidate is {@code factor} times as bad as stable; at least 1.
     * Empty when it would take for ever.
     */
    public OptionalLong windowsToHarm(double factor) {
        return whole(check.testsFor(Claim.CANDIDATE_HARMFUL)
                .mapToDouble(test -> windows(test, factor, 0))
                .min()
                .orElse(Double.POSITIVE_INFINITY));
    }

    private double windows(CountTest test, double factor, double known) {
        var bets = test.claim().bets();
        // The more is known, the more of it is the best bet's own.
        var certainty = test.claim().certainty();
        var spread = bets.spread() * (1 - certainty.progress(known));
        return outlook(test.border(), factor).windows(certainty.logE() + spread - known, bets);
    }

    private Outlook outlook(NullHypothesis border, double factor) {
        return new Outlook(
                border,
                window.candidates(),
                window.stables(),
                Math.min(factor * window.share(), 1),
                window.share(),
                phi(border));
    }

    private double phi(NullHypothesis border) {
        var experience = evidence.experience();
        return border.isAbsolute()
                ? experience.candidate().dispersion().phi()
                : experience.pair().dispersion().phi();
    }

    private static OptionalLong whole(double windows) {
        return windows < FOR_EVER ? OptionalLong.of(Math.max(1, (long) Math.ceil(windows))) : OptionalLong.empty();
    }
}
