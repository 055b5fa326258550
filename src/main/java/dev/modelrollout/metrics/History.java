package dev.modelrollout.metrics;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The counters of an hour, or of 900 ticks where these are less, put together from pieces. It goes on: once it is
 * complete, the newest piece takes the place of the oldest. Not thread-safe.
 */
final class History {

    private static final Duration LENGTH = Duration.ofHours(1);
    private static final int MOST_TICKS = 900;
    private static final Duration PIECE = Duration.ofMinutes(15);

    /** Oldest first. */
    private final Deque<Errand.Piece> pieces;

    private final int size;

    private final Map<Errand.Piece, CountersTable> answers = new HashMap<>();

    /** Up to this tick. */
    History(Question question, Instant newest) {
        var interval = question.interval();
        var ticks = (int) Math.min(LENGTH.dividedBy(interval), MOST_TICKS);
        size = (int) Math.max(1, Math.min(PIECE.dividedBy(interval), ticks));
        pieces = IntStream.iterate(1, first -> first <= ticks, first -> first + size)
                .mapToObj(first -> new Errand.Piece(
                        question,
                        newest.minus(interval.multipliedBy(ticks - first)),
                        Math.min(size, ticks - first + 1)))
                .collect(Collectors.toCollection(ArrayDeque::new));
    }

    /** What to ask for when it is to go on until this tick. */
    List<Errand.Piece> wanted(Instant newest) {
        var missing = missing();
        var next = next();
        return missing.isEmpty() && !next.last().isAfter(newest) ? List.of(next) : missing;
    }

    /** Whether this is a part of it, or will be next, and is not known. */
    boolean lacks(Errand.Piece piece) {
        var missing = missing();
        return missing.isEmpty() ? piece.equals(next()) : missing.contains(piece);
    }

    /** Whether it is complete by this. */
    boolean add(Errand.Piece piece, List<Answer> its) {
        if (!lacks(piece)) {
            return false;
        }
        if (missing().isEmpty()) {
            answers.remove(pieces.removeFirst());
            pieces.addLast(piece);
        }
        answers.put(piece, new CountersTable(its));
        return missing().isEmpty();
    }

    private List<Errand.Piece> missing() {
        return pieces.stream().filter(piece -> !answers.containsKey(piece)).toList();
    }

    private Errand.Piece next() {
        var newest = pieces.getLast();
        return new Errand.Piece(
                newest.question(), newest.last().plus(newest.question().interval()), size);
    }

    /** Its ticks have no answer. */
    void leaveOut(Errand.Piece piece) {
        answers.put(piece, CountersTable.EMPTY);
    }

    /** A piece and its answers. Immutable. */
    record Slice(Errand.Piece piece, CountersTable table) {

        /** Oldest first, without the ticks that have none. */
        Stream<Answer> answers() {
            return table.answers(piece.ticks());
        }
    }

    /** Oldest first; empty as long as a piece is missing. */
    Optional<List<Slice>> slices() {
        if (!missing().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(pieces.stream()
                .map(piece -> new Slice(piece, answers.getOrDefault(piece, CountersTable.EMPTY)))
                .toList());
    }

    /** About how many it takes. */
    long bytes() {
        return answers.values().stream().mapToLong(CountersTable::bytes).sum();
    }
}
