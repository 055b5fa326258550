package dev.modelrollout.analysis;

import java.time.Instant;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/** What a metric source said to one question at one tick: a number, or why there is none. */
public sealed interface Answer {

    /** The tick that the question was asked for. */
    Instant tick();

    /** One result for each kind of answer. */
    <T> T fold(DoubleFunction<T> onValue, Function<Blindness, T> onMissing);

    /** A finite number. */
    record Value(Instant tick, double value) implements Answer {

        public Value {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a value must be finite; a missing one is Missing");
            }
        }

        @Override
        public <T> T fold(DoubleFunction<T> onValue, Function<Blindness, T> onMissing) {
            return onValue.apply(value);
        }
    }

    /** No number, and why. */
    record Missing(Instant tick, Blindness why) implements Answer {

        @Override
        public <T> T fold(DoubleFunction<T> onValue, Function<Blindness, T> onMissing) {
            return onMissing.apply(why);
        }
    }
}
