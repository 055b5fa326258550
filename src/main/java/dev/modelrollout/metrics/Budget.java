package dev.modelrollout.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How much memory the counters may take that one namespace follows. Each has its own, so that who asks for too much
 * blinds nobody else. Not thread-safe.
 */
final class Budget {

    /** Two million counters without their series: 100 series at each of 120 ticks of 160 questions. */
    static final long BYTES = 16L << 20;

    private final Map<String, Long> taken = new HashMap<>();

    /** What is followed by these takes so much more, or less. */
    void take(Set<String> namespaces, long bytes) {
        namespaces.forEach(namespace -> taken.merge(namespace, bytes, (before, more) -> {
            var sum = before + more;
            return sum == 0 ? null : sum;
        }));
    }

    /** Whether one of these has not taken more than it may. */
    boolean bears(Set<String> namespaces) {
        return namespaces.stream().anyMatch(namespace -> taken.getOrDefault(namespace, 0L) <= BYTES);
    }
}
