package dev.modelrollout.analysis;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Tests that watch the scores of the same windows. */
record ScoreTests(List<ScoreTest> tests) {

    ScoreTests {
        tests = List.copyOf(tests);
    }

    /** Before the first window. */
    MeanEvidence start() {
        return new MeanEvidence(
                ScoreHistory.NONE, tests.stream().map(test -> MeanTest.start()).toList());
    }

    /**
     * The evidence with one more window: in order, each exactly once. Empty when a result would not be finite; then
     * what was known before still holds.
     *
     * @param provesSafety whether the tests for safety take it in too
     */
    Optional<MeanEvidence> after(MeanEvidence before, Scores candidate, Scores stable, boolean provesSafety) {
        var stakes = IntStream.range(0, tests.size())
                .mapToObj(i -> provesSafety || tests.get(i).claim() != Claim.CANDIDATE_SAFE
                        ? tests.get(i).after(before.stakes().get(i), candidate, stable, before.history())
                        : before.stakes().get(i))
                .toList();
        return before.history().after(candidate, stable).flatMap(history -> MeanEvidence.ifSound(history, stakes));
    }

    /** Whether this evidence has a stake for each bet of each test. */
    boolean fit(MeanEvidence evidence) {
        return Stakes.areAlike(start().stakes(), evidence.stakes());
    }

    /** What each test for this claim has become. */
    List<Stakes> stakes(Claim claim, MeanEvidence evidence) {
        return IntStream.range(0, tests.size())
                .filter(i -> tests.get(i).claim() == claim)
                .mapToObj(evidence.stakes()::get)
                .toList();
    }

    /** Windows until the slowest test for safety is done, if all are like this one and the candidate like stable. */
    double windowsToSafe(MeanEvidence evidence, Window like) {
        var stable = evidence.history().stable();
        return IntStream.range(0, tests.size())
                .filter(i -> tests.get(i).claim() == Claim.CANDIDATE_SAFE)
                .mapToDouble(i -> stable.isEmpty()
                                || like.candidate().isEmpty()
                                || like.stable().isEmpty()
                        ? Double.POSITIVE_INFINITY
                        : tests.get(i)
                                .windows(
                                        evidence.stakes().get(i),
                                        stable.ofAsMany(like.candidate()),
                                        stable.ofAsMany(like.stable()),
                                        evidence.history()))
                .max()
                .orElse(0);
    }
}
