package dev.modelrollout.metrics;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The counters of an hour, or of 900 ticks where these are less, put together from pieces. Not thread-safe. */
final class History {

    private static final Duration LENGTH = Duration.ofHours(1);
    private static final int MOST_TICKS = 900;
    private static final Duration PIECE = Duration.ofMinutes(15);

    /** Oldest first. */
    private final List<Errand.Piece> pieces;

    private final Map<Errand.Piece, CountersTable> answers = new HashMap<>();

    /** Up to this tick. */
    History(Question question, Instant newest) {
        var interval = question.interval();
        var ticks = (int) Math.min(LENGTH.dividedBy(interval), MOST_TICKS);
        var size = (int) Math.max(1, PIECE.dividedBy(interval));
        pieces = IntStream.iterate(1, first -> first <= ticks, first -> first + size)
                .mapToObj(first -> new Errand.Piece(
                        question,
                        newest.minus(interval.multipliedBy(ticks - first)),
                        Math.min(size, ticks - first + 1)))
                .toList();
    }

    List<Errand.Piece> missing() {
        return pieces.stream().filter(piece -> !answers.containsKey(piece)).toList();
    }

    /** Whether this completes it. */
    boolean add(Errand.Piece piece, List<Answer> its) {
        if (!missing().contains(piece)) {
            return false;
        }
        answers.put(piece, new CountersTable(its));
        return missing().isEmpty();
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
