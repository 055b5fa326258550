package dev.modelrollout.bench.decisions;

import java.util.function.Function;

/** What the shares of bad events of two versions are multiplied by, window by window; mostly 1 in the mean. */
@FunctionalInterface
public interface Noise {

    /** Of the next window. */
    Factors next();

    /** One for each version. */
    record Factors(double one, double other) {}

    /** A kind of noise, which each run throws anew. */
    record Model(String name, Function<Dice, Noise> start) {

        /** Requests are independent. */
        public static final Model IID = new Model("iid", dice -> () -> new Factors(1, 1));

        /** Each version has bursts of its own in each window, and both drift together. */
        static final Model NOISE = bursts("noise", 0.2);

        /** The bursts of a version last: neighbouring windows correlate by one half. Both drift together. */
        static final Model CORR = new Model("corr", dice -> {
            var drift = drift(dice);
            var one = new LognormalSeries(0.2, 0.5, dice);
            var other = new LognormalSeries(0.2, 0.5, dice);
            return () -> {
                var common = drift.next();
                return new Factors(common * one.next(), common * other.next());
            };
        });

        /** Either version alone is five times as bad for a minute, about once in half an hour. */
        static final Model OUTAGES = new Model("outages", dice -> {
            var one = new Outages(dice);
            var other = new Outages(dice);
            return () -> new Factors(one.next(), other.next());
        });

        /** Gamma bursts of squared variation {@code phi}, above 0 and at most 1. */
        static Model bursts(String name, double phi) {
            return new Model(name, dice -> {
                var drift = drift(dice);
                return () -> {
                    var common = drift.next();
                    return new Factors(common * dice.gammaOfMeanOne(1 / phi), common * dice.gammaOfMeanOne(1 / phi));
                };
            });
        }

        /** 30 % up and down, slowly. */
        private static LognormalSeries drift(Dice dice) {
            return new LognormalSeries(0.09, 0.9, dice);
        }
    }

    /** One version's, which begin at any time. */
    final class Outages {

        private static final int WINDOWS = 4;
        private static final long ONE_IN = 120;
        private static final double FACTOR = 5;

        private final Dice dice;
        private int left;

        Outages(Dice dice) {
            this.dice = dice;
        }

        double next() {
            if (left > 0) {
                left--;
                return FACTOR;
            }
            left = dice.binomial(1, 1.0 / ONE_IN) == 1 ? WINDOWS : 0;
            return 1;
        }
    }
}
