package dev.modelrollout.analysis;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tests that watch the same windows. */
public record CountTests(List<CountTest> tests) {

    public CountTests {
        tests = List.copyOf(tests);
    }

    /** Before the first window. */
    public CountEvidence start(NoisePrior prior) {
        return new CountEvidence(
                Experience.of(prior), tests.stream().map(CountTest::start).toList());
    }

    /**
     * The evidence with one more window: in order, each exactly once. Empty when a result would not be finite; then
     * what was known before still holds.
     *
     * @param provesSafety whether the tests for safety take it in too
     */
    public Optional<CountEvidence> after(CountEvidence before, Counts candidate, Counts stable, boolean provesSafety) {
        var experience = before.experience();
        if (!experience.canAdd(candidate, stable)) {
            return Optional.empty();
        }
        var stakes = IntStream.range(0, tests.size())
                .mapToObj(i -> isMeant(tests.get(i), provesSafety)
                        ? tests.get(i).after(before.stakes().get(i), candidate, stable, experience)
                        : before.stakes().get(i))
                .toList();
        return CountEvidence.ifSound(experience.after(candidate, stable), stakes);
    }

    private static boolean isMeant(CountTest test, boolean provesSafety) {
        return provesSafety || test.claim() != Claim.CANDIDATE_SAFE;
    }

    /** Whether this evidence has a stake for each bet of each test. */
    boolean fit(CountEvidence evidence) {
        return Stakes.areAlike(tests.stream().map(CountTest::start).toList(), evidence.stakes());
    }

    /** Those for this claim. */
    Stream<CountTest> of(Claim claim) {
        return tests.stream().filter(test -> test.claim() == claim);
    }

    /** Whether this evidence proves what one of these tests claims. */
    boolean prove(CountTest test, CountEvidence evidence) {
        return test.claim().certainty().isReachedBy(logE(test, evidence));
    }

    /** The evidence for one of these tests. */
    double logE(CountTest test, CountEvidence evidence) {
        return evidence.stakes().get(tests.indexOf(test)).logE();
    }
}
