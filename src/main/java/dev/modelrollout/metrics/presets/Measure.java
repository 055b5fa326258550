package dev.modelrollout.metrics.presets;

import dev.modelrollout.analysis.Selector;
import java.util.Optional;
import java.util.function.Function;

/** What a preset asks. */
public sealed interface Measure {

    /** Which way is better. */
    enum Better {
        HIGHER,
        LOWER
    }

    /** What the bounds of a histogram are measured in. */
    enum Unit {
        S(1),
        MS(1_000),
        US(1_000_000);

        private final int perSecond;

        Unit(int perSecond) {
            this.perSecond = perSecond;
        }

        /** How many of it make a second. */
        public int perSecond() {
            return perSecond;
        }
    }

    /** One result for each kind of measure. */
    <T> T fold(
            Function<Counts, T> onCounts,
            Function<Latency, T> onLatency,
            Function<Score, T> onScore,
            Function<Gauge, T> onGauge,
            Function<Plain, T> onPlain);

    /** Counters of all requests and of the bad ones. */
    record Counts(Selector bad, Selector total) implements Measure {

        @Override
        public <T> T fold(
                Function<Counts, T> onCounts,
                Function<Latency, T> onLatency,
                Function<Score, T> onScore,
                Function<Gauge, T> onGauge,
                Function<Plain, T> onPlain) {
            return onCounts.apply(this);
        }
    }

    /** The buckets of a histogram. */
    record Latency(Selector buckets, Unit unit) implements Measure {

        @Override
        public <T> T fold(
                Function<Counts, T> onCounts,
                Function<Latency, T> onLatency,
                Function<Score, T> onScore,
                Function<Gauge, T> onGauge,
                Function<Plain, T> onPlain) {
            return onLatency.apply(this);
        }
    }

    /** Scores from 0 to 1: their sum, their number and, if the engine has it, the sum of their squares. */
    record Score(Selector sum, Selector count, Optional<Selector> squares, Better better) implements Measure {

        @Override
        public <T> T fold(
                Function<Counts, T> onCounts,
                Function<Latency, T> onLatency,
                Function<Score, T> onScore,
                Function<Gauge, T> onGauge,
                Function<Plain, T> onPlain) {
            return onScore.apply(this);
        }
    }

    /** A number that is compared with stable's. */
    record Gauge(String query, Better better) implements Measure {

        @Override
        public <T> T fold(
                Function<Counts, T> onCounts,
                Function<Latency, T> onLatency,
                Function<Score, T> onScore,
                Function<Gauge, T> onGauge,
                Function<Plain, T> onPlain) {
            return onGauge.apply(this);
        }
    }

    /** A number that is held against limits. */
    record Plain(String query) implements Measure {

        @Override
        public <T> T fold(
                Function<Counts, T> onCounts,
                Function<Latency, T> onLatency,
                Function<Score, T> onScore,
                Function<Gauge, T> onGauge,
                Function<Plain, T> onPlain) {
            return onPlain.apply(this);
        }
    }
}
