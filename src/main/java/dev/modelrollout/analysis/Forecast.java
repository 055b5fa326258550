package dev.modelrollout.analysis;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** How long a check will take if windows go on like this. */
public record Forecast(SequentialCheck check, SequentialEvidence evidence, Supposed window) {

    /**
     * A window as it is supposed to be.
     *
     * @param candidates the candidate's events
     * @param stables stable's events
     * @param candidateShare of bad events among the candidate's
     * @param stableShare of bad events among stable's
     * @param seconds its length
     */
    public record Supposed(
            double candidates, double stables, double candidateShare, double stableShare, double seconds) {

        private static Supposed equal(double candidates, double stables, double share, double seconds) {
            return new Supposed(candidates, stables, share, share, seconds);
        }

        /**
         * Like those of this weight, or the newest until one of this weight is warm; stable is as bad as it was so far.
         * Without any window there is no traffic.
         */
        static Supposed like(SequentialEvidence evidence) {
            var newest = evidence.newest();
            if (newest == null) {
                return equal(0, 0, 0, 0);
            }
            var pace = evidence.pace().isKnown() ? evidence.pace() : Pace.UNKNOWN.after(newest);
            var stable = evidence.experience().stable().seen();
            var usual = stable.isEmpty() ? evidence.experience().candidate().seen() : stable;
            return equal(
                    pace.candidatesPerWindow(),
                    pace.stablesPerWindow(),
                    usual.smoothedShare(),
                    pace.secondsPerWindow());
        }

        /**
         * Like so many windows of stable alone, if the candidate gets this share of the events from now on and is as
         * good.
         *
         * @param all events in these windows
         */
        public static Supposed split(Counts all, int windows, Duration length, double candidate) {
            var total = all.total() / windows;
            return equal(candidate * total, (1 - candidate) * total, all.smoothedShare(), (double) length.toSeconds());
        }

        private Supposed faultless() {
            return new Supposed(candidates, stables, 0, stableShare, seconds);
        }
    }

    /** Windows; far beyond any rollout, and any of them as seconds still a time. */
    private static final double FOR_EVER = 1e9;

    /** The same for a candidate of which nothing is bad: of none is safety proven sooner. */
    public Forecast faultless() {
        return new Forecast(check, evidence, window.faultless());
    }

    /** Whether anything happens in such a window. */
    public boolean hasTraffic() {
        return window.candidates() + window.stables() > 0;
    }

    /**
     * Windows until the check is safe, if the candidate is as supposed; at least 1. Empty when it would take for ever:
     * too little traffic, or a limit that such a candidate does not keep.
     */
    public OptionalLong windowsToSafe() {
        var tests = check.tests();
        var proof = tests.of(Claim.CANDIDATE_SAFE)
                .mapToDouble(test -> windows(test, tests.logE(test, evidence.counts())))
                .max()
                .orElse(0);
        var windows = Math.max(Math.max(proof, windowsOfScores()), SequentialCheck.LEAST_JUDGED - evidence.judged());
        return windows < FOR_EVER ? OptionalLong.of(Math.max(1, (long) Math.ceil(windows))) : OptionalLong.empty();
    }

    /** The same as time. */
    public Optional<Duration> timeToSafe() {
        var windows = windowsToSafe();
        return windows.isEmpty()
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds((long) Math.ceil(windows.getAsLong() * window.seconds())));
    }

    private double windowsOfScores() {
        var scores = evidence.scores();
        var newest = evidence.newest();
        if (scores == null) {
            return 0;
        }
        return newest == null ? Double.POSITIVE_INFINITY : check.scoreTests().windowsToSafe(scores, newest);
    }

    private double windows(CountTest test, double known) {
        var bets = test.claim().bets();
        // The more is known, the more of it is the best bet's own.
        var certainty = test.claim().certainty();
        var spread = bets.spread() * (1 - certainty.progress(known));
        return outlook(test.border()).windows(certainty.logE() + spread - known, bets);
    }

    private Outlook outlook(NullHypothesis border) {
        return new Outlook(
                border,
                window.candidates(),
                window.stables(),
                window.candidateShare(),
                window.stableShare(),
                phi(border));
    }

    private double phi(NullHypothesis border) {
        var experience = evidence.experience();
        return border.isAbsolute()
                ? experience.candidate().dispersion().phi()
                : experience.pair().dispersion().phi();
    }
}
