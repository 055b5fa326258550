package dev.modelrollout.analysis;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** How long a check will take if windows go on as they were; for people, nothing is decided on it. */
public record Forecast(SequentialCheck check, SequentialEvidence evidence) {

    /** Windows; far beyond any rollout, and any of them as seconds still a time. */
    private static final double FOR_EVER = 1e9;

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

    /** The same as time, if windows go on as long as they were. */
    public Optional<Duration> timeToSafe() {
        var windows = windowsToSafe();
        return windows.isEmpty()
                ? Optional.empty()
                : Optional.of(pace(Objects.requireNonNull(evidence.newest())).time(windows.getAsLong()));
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
        var newest = evidence.newest();
        if (newest == null) {
            return Double.POSITIVE_INFINITY;
        }
        var bets = test.claim().bets();
        // The more is known, the more of it is the best bet's own.
        var certainty = test.claim().certainty();
        var spread = bets.spread() * (1 - certainty.progress(known));
        return outlook(test.border(), newest, factor).windows(certainty.logE() + spread - known, bets);
    }

    /** Until a window of this weight is warm, the newest counts. */
    private Pace pace(Window newest) {
        return evidence.pace().isKnown() ? evidence.pace() : Pace.UNKNOWN.after(newest);
    }

    private Outlook outlook(NullHypothesis border, Window newest, double factor) {
        var pace = pace(newest);
        var share = usualShare();
        return new Outlook(
                border,
                pace.candidatesPerWindow(),
                pace.stablesPerWindow(),
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
        return windows < FOR_EVER ? OptionalLong.of(Math.max(1, (long) Math.ceil(windows))) : OptionalLong.empty();
    }
}
