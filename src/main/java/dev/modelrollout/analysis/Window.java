package dev.modelrollout.analysis;

import java.time.Instant;

/** What both versions did after {@code from}, up to and including {@code to}. */
public record Window(Instant from, Instant to, Counts candidate, Counts stable) {

    public Window {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("a window ends after it begins, not from " + from + " to " + to);
        }
    }

    /** Whether nothing happened in either version. */
    public boolean isEmpty() {
        return candidate.isEmpty() && stable.isEmpty();
    }
}
