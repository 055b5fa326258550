package dev.modelrollout.analysis;

import java.util.List;
import java.util.function.DoubleFunction;

/** A limit that compares the candidate's gauge with stable's, and the sides that are bet on for it. */
public sealed interface GaugeLimit {

    /** Its bets, always the same in the same order. */
    List<Bet> bets();

    /** One result for each kind, from its number. */
    <T> T fold(DoubleFunction<T> onWorse, DoubleFunction<T> onBetter);

    /** A side, and how far from stable it begins: a part of stable's value. */
    record Bet(Side side, double by) {

        /** The next number down, below 0, is still a number. */
        private static final double LARGEST_MARGIN = Math.nextDown(Double.MAX_VALUE);

        /** The capital after a reading of both versions; higher is worse. */
        Stakes after(Stakes before, double candidate, double stable) {
            var margin = Math.min(by * Math.abs(stable), LARGEST_MARGIN);
            return switch (side) {
                case WORSE -> new SignTest(margin).after(before, candidate, stable);
                // equal to the margin is within it
                case NOT_WORSE -> new SignTest(Math.nextDown(-margin)).after(before, stable, candidate);
                case BETTER -> new SignTest(margin).after(before, stable, candidate);
            };
        }
    }

    /** Where the candidate is said to be oftener than not. */
    enum Side {
        /** Worse than stable by more. */
        WORSE,
        /** Not worse than stable by more. */
        NOT_WORSE,
        /** Better than stable by more. */
        BETTER
    }

    /**
     * The candidate may not be worse than stable by more.
     *
     * @param by part of stable's value, at least 0
     */
    record WorseThanStable(double by) implements GaugeLimit {

        public WorseThanStable {
            if (!(by >= 0 && Double.isFinite(by))) {
                throw new IllegalArgumentException("a tolerance is at least 0, not " + by);
            }
        }

        @Override
        public List<Bet> bets() {
            return List.of(new Bet(Side.WORSE, by), new Bet(Side.NOT_WORSE, by));
        }

        @Override
        public <T> T fold(DoubleFunction<T> onWorse, DoubleFunction<T> onBetter) {
            return onWorse.apply(by);
        }
    }

    /**
     * The candidate has to be better than stable by more; that it is not is no harm.
     *
     * @param by part of stable's value, at least 0
     */
    record BetterThanStable(double by) implements GaugeLimit {

        public BetterThanStable {
            if (!(by >= 0 && Double.isFinite(by))) {
                throw new IllegalArgumentException("nobody can be better by " + by);
            }
        }

        @Override
        public List<Bet> bets() {
            return List.of(new Bet(Side.BETTER, by));
        }

        @Override
        public <T> T fold(DoubleFunction<T> onWorse, DoubleFunction<T> onBetter) {
            return onBetter.apply(by);
        }
    }
}
