package dev.modelrollout.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How much memory one namespace may take. Each has its own, so that who asks for too much blinds nobody else. Not
 * thread-safe.
 */
final class Budget {

    private final long limit;
    private final Map<String, Long> taken = new HashMap<>();

    /** @param limit of each namespace, in bytes */
    Budget(long limit) {
        this.limit = limit;
    }

    /** What one thing takes of it; nothing yet. */
    Bill bill() {
        return new Bill();
    }

    /** All who want a thing pay for the whole of it. */
    final class Bill {

        private Set<String> payers = Set.of();
        private long bytes;

        /** From now on these pay, and for so much; whether one of them can. */
        boolean pay(Set<String> namespaces, long sum) {
            take(-bytes);
            payers = namespaces;
            bytes = sum;
            take(bytes);
            return payers.stream().anyMatch(namespace -> taken.getOrDefault(namespace, 0L) <= limit);
        }

        private void take(long more) {
            payers.forEach(namespace -> taken.merge(namespace, more, (before, added) -> {
                var sum = before + added;
                return sum == 0 ? null : sum;
            }));
        }
    }
}
