package dev.modelrollout.analysis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The counters of one version at one tick, as they were scraped.
 *
 * @param instances by name of the scraped process, in any order; kept sorted, so that sums are the same on every machine
 */
public record RawCounters(Map<String, Sample> instances) {

    /**
     * The counters of one instance, not negative; null when there is no such series.
     *
     * @param bad absent until the first error in many programs: then it is 0
     * @param squares of scores, whose sum is {@code bad}
     */
    public record Sample(
            @Nullable Double bad,
            @Nullable Double total,
            @Nullable Double squares) {

        public Sample {
            if (!isCounter(bad) || !isCounter(total) || !isCounter(squares)) {
                throw new IllegalArgumentException(
                        "a counter is finite and not negative, not " + bad + ", " + total + ", " + squares);
            }
        }

        /** Of events that are good or bad. */
        public Sample(@Nullable Double bad, @Nullable Double total) {
            this(bad, total, null);
        }

        private static boolean isCounter(@Nullable Double value) {
            return value == null || (value >= 0 && Double.isFinite(value));
        }

        private double errors() {
            return orZero(bad);
        }

        private static double orZero(@Nullable Double counter) {
            return counter == null ? 0 : counter;
        }
    }

    private record Increase(double bad, double total, double squares) {

        static Optional<Counts> sum(List<Increase> all) {
            return Counts.cut(
                    all.stream().mapToDouble(Increase::bad).reduce(0, Double::sum),
                    all.stream().mapToDouble(Increase::total).reduce(0, Double::sum));
        }
    }

    public RawCounters {
        instances = Collections.unmodifiableMap(new TreeMap<>(instances));
    }

    /** Whether anything was ever counted. */
    public boolean hasEvents() {
        return instances.values().stream().anyMatch(sample -> sample.total() != null && sample.total() > 0);
    }

    /**
     * What happened until {@code later}. An instance counts if its total was seen both times; a total that fell was
     * restarted from 0. Empty when more was bad than happened, by over 1 %.
     */
    public Optional<Counts> until(RawCounters later) {
        return Increase.sum(increases(later));
    }

    /** By how much the sum of squares grew until {@code later}. */
    public double squaresUntil(RawCounters later) {
        return increases(later).stream().mapToDouble(Increase::squares).reduce(0, Double::sum);
    }

    /** The same of every second instance by name, and of the others; empty when either is no count. */
    public Optional<Halves> halvesUntil(RawCounters later) {
        var all = increases(later);
        return everySecond(all, 0).flatMap(one -> everySecond(all, 1).map(other -> new Halves(one, other)));
    }

    private static Optional<Counts> everySecond(List<Increase> all, int first) {
        return Increase.sum(IntStream.range(0, all.size())
                .filter(index -> index % 2 == first)
                .mapToObj(all::get)
                .toList());
    }

    private List<Increase> increases(RawCounters later) {
        var increases = new ArrayList<Increase>(instances.size());
        instances.forEach((name, before) -> {
            var after = later.instances.get(name);
            if (after != null && before.total() != null && after.total() != null) {
                increases.add(increase(before, before.total(), after, after.total()));
            }
        });
        return increases;
    }

    private static Increase increase(Sample before, double totalBefore, Sample after, double totalAfter) {
        if (totalAfter < totalBefore) {
            return new Increase(after.errors(), totalAfter, Sample.orZero(after.squares()));
        }
        return new Increase(
                grown(before.errors(), after.errors()),
                totalAfter - totalBefore,
                grown(Sample.orZero(before.squares()), Sample.orZero(after.squares())));
    }

    private static double grown(double before, double after) {
        return after < before ? after : after - before;
    }
}
