package dev.modelrollout.analysis;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A check on counts or scores: its limits are tested window by window, and looking often makes no error more likely.
 * Harm is decided by {@link RolloutHarm} over all checks; safety and blindness are this check's own.
 */
public final class SequentialCheck {

    static final int LEAST_JUDGED = 8;

    private final List<CountLimit> limits;
    private final CountTests tests;
    private final ScoreTests scoreTests;

    /**
     * @param limits at least one
     * @param hasSquares whether the windows have the squares of scores: then these are compared by their means
     */
    public SequentialCheck(List<CountLimit> limits, boolean hasSquares) {
        if (limits.isEmpty()) {
            throw new IllegalArgumentException("a check has at least one limit");
        }
        this.limits = List.copyOf(limits);
        var byMeans = limits.stream()
                .flatMap(limit -> limit.tests().stream())
                .collect(Collectors.partitioningBy(
                        test -> hasSquares && !test.border().isAbsolute()));
        tests = new CountTests(byMeans.getOrDefault(false, List.of()));
        scoreTests = new ScoreTests(byMeans.getOrDefault(true, List.of()).stream()
                .map(test -> new ScoreTest(test.claim(), test.border()))
                .toList());
    }

    /** A check whose windows have counts alone. */
    public SequentialCheck(List<CountLimit> limits) {
        this(limits, false);
    }

    /** What it tests. */
    public List<CountLimit> limits() {
        return limits;
    }

    /** No window yet; those that begin before {@code from} will not count. */
    public SequentialEvidence start(Instant from, NoisePrior prior) {
        var scores = isOfScores() ? scoreTests.start() : null;
        return new SequentialEvidence(
                tests.start(prior), scores, Presence.UNKNOWN, Pace.UNKNOWN, Lead.UNKNOWN, 0, false, from, null, null);
    }

    /**
     * The evidence with one more window; one that begins before the end of the newest changes nothing.
     *
     * @param share the candidate's by the route, during the whole window; 0 up to but not including 1
     * @param judgedFrom windows that begin before it count for harm, but not for safety
     */
    public SequentialEvidence fold(SequentialEvidence before, Window window, double share, Instant judgedFrom) {
        if (window.from().isBefore(before.last())) {
            return before;
        }
        var proves = !window.from().isBefore(judgedFrom);
        var presence = before.presence().after(window, share);
        return tests.after(before.counts(), window.candidate(), window.stable(), proves)
                .flatMap(counts -> taken(before, window, counts, presence, proves))
                .map(taken -> proves ? taken.atThisWeight(window) : taken)
                .map(taken -> proves && teaches(window) ? judged(taken) : taken)
                .orElseGet(() -> before.with(window, before.counts(), before.scores(), presence, Blindness.NOT_FINITE));
    }

    private Optional<SequentialEvidence> taken(
            SequentialEvidence before, Window window, CountEvidence counts, Presence presence, boolean proves) {
        var blind = blindness(window, presence, before.pace());
        var known = before.scores();
        if (known == null) {
            return Optional.of(before.with(window, counts, null, presence, blind));
        }
        return window.scoresOfCandidate()
                .flatMap(candidate ->
                        window.scoresOfStable().flatMap(stable -> scoreTests.after(known, candidate, stable, proves)))
                .map(scores -> before.with(window, counts, scores, presence, blind));
    }

    /** Whether anything is compared by means. */
    private boolean isOfScores() {
        return !scoreTests.tests().isEmpty();
    }

    private SequentialEvidence judged(SequentialEvidence evidence) {
        var judged = evidence.judged() + 1;
        var provesIt = judged >= LEAST_JUDGED && isProvenSafe(evidence);
        return evidence.judged(judged, evidence.safe() || provesIt);
    }

    private @Nullable Blindness blindness(Window window, Presence presence, Pace usual) {
        var untold = presence.isStableMissing(usual.stablesPerWindow()) && (window.isEmpty() || comparesWithStable());
        return untold ? Blindness.NO_DATA : presence.blindness().orElse(null);
    }

    private boolean teaches(Window window) {
        return !window.candidate().isEmpty()
                && !(comparesWithStable() && window.stable().isEmpty());
    }

    /** Whether it says nothing without stable. */
    public boolean comparesWithStable() {
        return limits.stream().anyMatch(CountLimit::comparesWithStable);
    }

    private boolean isProvenSafe(SequentialEvidence evidence) {
        return forSafety(evidence).allMatch(Certainty.OF_SAFETY::isReachedBy);
    }

    private DoubleStream forSafety(SequentialEvidence evidence) {
        return DoubleStream.concat(
                tests.of(Claim.CANDIDATE_SAFE).mapToDouble(test -> tests.logE(test, evidence.counts())),
                scores(Claim.CANDIDATE_SAFE, evidence).mapToDouble(Stakes::logE));
    }

    private Stream<Stakes> scores(Claim claim, SequentialEvidence evidence) {
        return Stream.ofNullable(evidence.scores()).flatMap(known -> scoreTests.stakes(claim, known).stream());
    }

    /** What this check says by itself; harmful only when the candidate's traffic stopped. */
    public Verdict verdict(SequentialEvidence evidence) {
        if (evidence.presence().isMissing()) {
            return new Verdict.Harmful(false);
        }
        var blind = evidence.blind();
        if (blind != null) {
            return new Verdict.Blind(blind);
        }
        return evidence.safe() ? new Verdict.Safe() : new Verdict.Undecided(need(evidence));
    }

    private String need(SequentialEvidence evidence) {
        if (evidence.newest() == null) {
            return "a first window";
        }
        if (evidence.experience().candidate().seen().isEmpty()) {
            return "a first request";
        }
        var windows = forecast(evidence).windowsToSafe();
        return windows.isEmpty()
                ? "more traffic or a wider limit: this traffic would never show that it is safe"
                : "about " + windows.getAsLong() + " more " + (windows.getAsLong() == 1 ? "window" : "windows");
    }

    /** What its tests say about harm; empty when no limit can be harmed. */
    public List<HarmEvidence> harm(SequentialEvidence evidence) {
        return Stream.concat(
                        tests.of(Claim.CANDIDATE_HARMFUL)
                                .map(test -> new HarmEvidence(
                                        tests.logE(test, evidence.counts()),
                                        isShared(test.border(), evidence.counts()))),
                        scores(Claim.CANDIDATE_HARMFUL, evidence).map(stakes -> new HarmEvidence(stakes.logE(), false)))
                .toList();
    }

    private boolean isShared(NullHypothesis border, CountEvidence counts) {
        return tests.of(Claim.STABLE_HARMFUL)
                .filter(test -> test.border().equals(border))
                .anyMatch(test -> tests.prove(test, counts));
    }

    /** How far the evidence for safety has come, 0..1: that of the test which has come least far. */
    public double safety(SequentialEvidence evidence) {
        return forSafety(evidence).map(Certainty.OF_SAFETY::progress).min().orElse(0);
    }

    /** Whether this evidence is of a check with such limits, and not of another one. */
    public boolean fits(SequentialEvidence evidence) {
        var scores = evidence.scores();
        return tests.fit(evidence.counts()) && (scores == null ? !isOfScores() : scoreTests.fit(scores));
    }

    /** What is to be expected from here on, if windows go on as they are. */
    public Forecast forecast(SequentialEvidence evidence) {
        return new Forecast(this, evidence, Forecast.Supposed.like(evidence));
    }

    CountTests tests() {
        return tests;
    }

    ScoreTests scoreTests() {
        return scoreTests;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SequentialCheck that
                && limits.equals(that.limits)
                && scoreTests.equals(that.scoreTests);
    }

    @Override
    public int hashCode() {
        return Objects.hash(limits, scoreTests);
    }

    @Override
    public String toString() {
        return "SequentialCheck[limits=" + limits + ", scoreTests=" + scoreTests + "]";
    }
}
