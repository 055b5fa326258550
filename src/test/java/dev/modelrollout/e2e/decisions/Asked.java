package dev.modelrollout.e2e.decisions;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the simulated Prometheus was asked. Thread-safe. */
final class Asked {

    private static final Duration SETTLES = Story.INTERVAL.plusSeconds(2);

    private final Map<String, Integer> ranges = new HashMap<>();
    private final List<Long> lateMillis = new ArrayList<>();

    synchronized void by(String query, List<Instant> times, Instant now) {
        if (times.size() > 1) {
            ranges.merge(query, 1, Integer::sum);
        } else {
            lateMillis.add(Duration.between(times.get(0).plus(SETTLES), now).toMillis());
        }
    }

    /** How long after it could be asked a tick was asked for, and how often a history was. */
    @Override
    public synchronized String toString() {
        var sorted = lateMillis.stream().sorted().toList();
        return "%d instant queries, median %d ms, 99 %% %d ms, latest %d ms after a tick had settled; range queries for each of %d: %s"
                .formatted(
                        sorted.size(),
                        sorted.get(sorted.size() / 2),
                        sorted.get(sorted.size() * 99 / 100),
                        sorted.get(sorted.size() - 1),
                        ranges.size(),
                        ranges.values().stream().sorted().distinct().toList());
    }
}
