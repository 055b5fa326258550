package dev.modelrollout.analysis;

import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.Stream;

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

    /** The counters; empty when it has none. */
    default Optional<Counters> counters() {
        return fold(value -> Optional.empty(), Optional::of, why -> Optional.empty());
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
            var numbers = values instanceof SeriesNumbers known ? known : SeriesNumbers.of(values);
            values = numbers;
            if (numbers.isEmpty()) {
                throw new IllegalArgumentException("no series; that is Missing");
            }
            if (!numbers.areCounters()) {
                throw new IllegalArgumentException("a counter must be finite and at least 0; others are Missing");
            }
        }

        /** The same in less memory, when another answer with nearly the same series is kept beside it. */
        public Counters sharing(Counters other) {
            return new Counters(tick, numbers().sharing(other.numbers()));
        }

        /** About how many bytes these take together; what they share counts once. */
        public static long bytes(Stream<Counters> all) {
            var counted = Collections.newSetFromMap(new IdentityHashMap<Object, Boolean>());
            return all.mapToLong(one -> one.numbers().bytes(counted)).sum();
        }

        private SeriesNumbers numbers() {
            return (SeriesNumbers) values;
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
