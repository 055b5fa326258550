package dev.modelrollout.metrics.presets;

import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.Selector;
import java.util.function.Function;

/** What a preset asks. */
public sealed interface Measure {

    /** One result for each kind of measure. */
    <T> T fold(Function<Counts, T> onCounts, Function<Latency, T> onLatency, Function<Gauge, T> onGauge);

    /** What the bounds of a histogram are measured in. */
    enum Unit {
        S,
        MS,
        US
    }

    /** Counters of all requests and of the bad ones. */
    record Counts(Selector bad, Selector total) implements Measure {

        @Override
        public <T> T fold(Function<Counts, T> onCounts, Function<Latency, T> onLatency, Function<Gauge, T> onGauge) {
            return onCounts.apply(this);
        }
    }

    /** The buckets of a histogram. */
    record Latency(Selector buckets, Unit unit) implements Measure {

        @Override
        public <T> T fold(Function<Counts, T> onCounts, Function<Latency, T> onLatency, Function<Gauge, T> onGauge) {
            return onLatency.apply(this);
        }
    }

    /** A number that is held against limits, or compared with stable's. */
    record Gauge(String query, Better better) implements Measure {

        @Override
        public <T> T fold(Function<Counts, T> onCounts, Function<Latency, T> onLatency, Function<Gauge, T> onGauge) {
            return onGauge.apply(this);
        }
    }
}
