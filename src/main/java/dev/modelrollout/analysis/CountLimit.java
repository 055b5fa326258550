package dev.modelrollout.analysis;

import java.util.List;
import java.util.function.DoubleFunction;

/** One limit of a check on counts, and the tests that tell whether it is kept. */
public sealed interface CountLimit {

    /** Its tests, always the same in the same order. */
    List<CountTest> tests();

    /** One result for each kind, from its number. */
    <T> T fold(
            DoubleFunction<T> onMax,
            DoubleFunction<T> onMaxDifference,
            DoubleFunction<T> onWorse,
            DoubleFunction<T> onBetter);

    /** Whether the candidate's counts alone say nothing. */
    default boolean comparesWithStable() {
        return tests().stream().anyMatch(test -> !test.border().isAbsolute());
    }

    /**
     * The candidate's share of bad events may not be higher; asked of stable too, whose own excess nobody mends by
     * taking the candidate back.
     *
     * @param share 0..1; below 0 none can ever be shown to be
     */
    record Max(double share) implements CountLimit {

        public Max {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("a share is 0..1, not " + share);
            }
        }

        @Override
        public <T> T fold(
                DoubleFunction<T> onMax,
                DoubleFunction<T> onMaxDifference,
                DoubleFunction<T> onWorse,
                DoubleFunction<T> onBetter) {
            return onMax.apply(share);
        }

        @Override
        public List<CountTest> tests() {
            var border = new NullHypothesis(0, share);
            return List.of(
                    new CountTest(Claim.CANDIDATE_HARMFUL, border),
                    new CountTest(Claim.CANDIDATE_SAFE, border),
                    new CountTest(Claim.STABLE_HARMFUL, border));
        }
    }

    /**
     * The candidate's share of bad events minus stable's may not be higher. Safe begins where harm ends: a candidate
     * like stable is far from both, unless this is 0.
     *
     * @param by 0..1
     */
    record MaxDifference(double by) implements CountLimit {

        public MaxDifference {
            if (!(by >= 0 && by <= 1)) {
                throw new IllegalArgumentException("a difference of shares is 0..1, not " + by);
            }
        }

        @Override
        public <T> T fold(
                DoubleFunction<T> onMax,
                DoubleFunction<T> onMaxDifference,
                DoubleFunction<T> onWorse,
                DoubleFunction<T> onBetter) {
            return onMaxDifference.apply(by);
        }

        @Override
        public List<CountTest> tests() {
            var border = new NullHypothesis(1, by);
            return List.of(new CountTest(Claim.CANDIDATE_HARMFUL, border), new CountTest(Claim.CANDIDATE_SAFE, border));
        }
    }

    /**
     * The candidate may not be worse than stable by more. Between this and the border of safety lies what is neither
     * rolled back nor promoted: without a gap no finite traffic could tell.
     *
     * @param by share of stable's share, at least 0
     */
    record WorseThanStable(double by) implements CountLimit {

        private static final double LEAST_SAFE = 1.5;
        private static final double GAP = 0.4;
        private static final double NEGLIGIBLE = 0.001;

        public WorseThanStable {
            if (!(by >= 0 && Double.isFinite(by))) {
                throw new IllegalArgumentException("a tolerance is at least 0, not " + by);
            }
        }

        @Override
        public <T> T fold(
                DoubleFunction<T> onMax,
                DoubleFunction<T> onMaxDifference,
                DoubleFunction<T> onWorse,
                DoubleFunction<T> onBetter) {
            return onWorse.apply(by);
        }

        @Override
        public List<CountTest> tests() {
            var rho = 1 + by;
            return List.of(
                    new CountTest(Claim.CANDIDATE_HARMFUL, new NullHypothesis(rho, 0)),
                    new CountTest(
                            Claim.CANDIDATE_SAFE, new NullHypothesis(Math.max(LEAST_SAFE, rho + GAP), NEGLIGIBLE)));
        }
    }

    /**
     * The candidate has to be better than stable by more; that it is not is no harm.
     *
     * @param by share of stable's share, 0 up to but not including 1
     */
    record BetterThanStable(double by) implements CountLimit {

        public BetterThanStable {
            if (!(by >= 0 && by < 1)) {
                throw new IllegalArgumentException("nobody can be better by " + by);
            }
        }

        @Override
        public <T> T fold(
                DoubleFunction<T> onMax,
                DoubleFunction<T> onMaxDifference,
                DoubleFunction<T> onWorse,
                DoubleFunction<T> onBetter) {
            return onBetter.apply(by);
        }

        @Override
        public List<CountTest> tests() {
            return List.of(new CountTest(Claim.CANDIDATE_SAFE, new NullHypothesis(1 - by, 0)));
        }
    }
}
