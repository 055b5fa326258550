package dev.modelrollout.analysis;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Function;

/** What a metric source said to one question at one tick: a number, counters, or why there is neither. */
public sealed interface Answer {

    /** The tick that the question was asked for. */
    Instant tick();

    /** One result for each kind of answer. */
    <T> T fold(DoubleFunction<T> onValue, Function<Counters, T> onCounters, Function<Blindness, T> onMissing);

    /** The number; empty when there is none. */
    default Optional<Double> number() {
        return fold(Optional::of, counters -> Optional.empty(), why -> Optional.empty());
    }

    /** Why there is no number; empty when there is one. */
    default Optional<Blindness> whyNoNumber() {
        return fold(value -> Optional.empty(), counters -> Optional.of(Blindness.WRONG_TYPE), Optional::of);
    }

    /** A finite number. */
    record Value(Instant tick, double value) implements Answer {

        public Value {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a value must be finite; a missing one is Missing");
            }
        }

        @Override
        public <T> T fold(
                DoubleFunction<T> onValue, Function<Counters, T> onCounters, Function<Blindness, T> onMissing) {
            return onValue.apply(value);
        }
    }

    /**
     * Raw counters.
     *
     * @param values finite, at least 0; never empty
     */
    record Counters(Instant tick, Map<Series, Double> values) implements Answer {

        public Counters {
            values = Map.copyOf(values);
            if (values.isEmpty()) {
                throw new IllegalArgumentException("no series; that is Missing");
            }
            if (values.values().stream().anyMatch(value -> !Double.isFinite(value) || value < 0)) {
                throw new IllegalArgumentException("a counter must be finite and at least 0; others are Missing");
            }
        }

        @Override
        public <T> T fold(
                DoubleFunction<T> onValue, Function<Counters, T> onCounters, Function<Blindness, T> onMissing) {
            return onCounters.apply(this);
        }
    }

    /** No answer that could be used, and why. */
    record Missing(Instant tick, Blindness why) implements Answer {

        @Override
        public <T> T fold(
                DoubleFunction<T> onValue, Function<Counters, T> onCounters, Function<Blindness, T> onMissing) {
            return onMissing.apply(why);
        }
    }
}
