package dev.modelrollout.analysis;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What both versions did after {@code from}, up to and including {@code to}.
 *
 * @param squares of scores, whose sums are the bad events; null where events are counted
 */
public record Window(
        Instant from,
        Instant to,
        Counts candidate,
        Counts stable,
        @Nullable Squares squares) {

    /** Sums of the squares of both versions' scores; each at most what the sum of the scores is. */
    public record Squares(double candidate, double stable) {}

    public Window {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("a window ends after it begins, not from " + from + " to " + to);
        }
    }

    /** A window of events that are good or bad. */
    public Window(Instant from, Instant to, Counts candidate, Counts stable) {
        this(from, to, candidate, stable, null);
    }

    /** Whether nothing happened in either version. */
    public boolean isEmpty() {
        return candidate.isEmpty() && stable.isEmpty();
    }

    /** The same, when only its size matters. */
    Window withoutSquares() {
        return new Window(from, to, candidate, stable);
    }

    Optional<Scores> scoresOfCandidate() {
        return Optional.ofNullable(squares).map(its -> candidate.scores(its.candidate()));
    }

    Optional<Scores> scoresOfStable() {
        return Optional.ofNullable(squares).map(its -> stable.scores(its.stable()));
    }
}
