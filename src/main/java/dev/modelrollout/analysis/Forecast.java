package dev.modelrollout.analysis;

import java.util.OptionalLong;

/** How long a check will take if all windows are like the newest; for people, nothing is decided on it. */
public record Forecast(SequentialCheck check, SequentialEvidence evidence) {

    /**
     * Windows until the check is safe, if the candidate is as good as stable; at least 1. Empty when it would take for
     * ever: too little traffic, or a limit that such a candidate does not keep.
     */
    public OptionalLong windowsToSafe() {
        var proof = check.testsFor(Claim.CANDIDATE_SAFE)
                .mapToDouble(test -> windows(test, 1, check.tests().logE(test, evidence.counts())))
                .max()
                .orElse(0);
        return whole(Math.max(Math.max(proof, windowsOfScores()), SequentialCheck.LEAST_JUDGED - evidence.judged()));
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

    private double windowsOfScores() {
        var scores = evidence.scores();
        var newest = evidence.newest();
        if (scores == null) {
            return 0;
        }
        return newest == null ? Double.POSITIVE_INFINITY : check.scoreTests().windowsToSafe(scores, newest);
    }

    private double windows(CountTest test, double factor, double known) {
        var newest = evidence.newest();
        if (newest == null) {
            return Double.POSITIVE_INFINITY;
        }
        var bets = test.claim().bets();
        var missing = test.claim().certainty().logE() + bets.spread() - known;
        return outlook(test.border(), newest, factor).windows(missing, bets);
    }

    private Outlook outlook(NullHypothesis border, Window newest, double factor) {
        var share = usualShare();
        return new Outlook(
                border,
                newest.candidate().total(),
                newest.stable().total(),
                Math.min(factor * share, 1),
                share,
                phi(border));
    }

    private double phi(NullHypothesis border) {
        var experience = evidence.experience();
        return border.isAbsolute()
                ? experience.candidate().dispersion().phi()
                : experience.pair().dispersion().phi();
    }

    private double usualShare() {
        var stable = evidence.experience().stable().seen();
        return (stable.isEmpty() ? evidence.experience().candidate().seen() : stable).smoothedShare();
    }

    private static OptionalLong whole(double windows) {
        return windows < Long.MAX_VALUE
                ? OptionalLong.of(Math.max(1, (long) Math.ceil(windows)))
                : OptionalLong.empty();
    }
}
