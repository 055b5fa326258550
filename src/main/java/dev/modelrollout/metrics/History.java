package dev.modelrollout.metrics;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The answers of an hour, put together from pieces. Not thread-safe. */
final class History {

    private static final Duration LENGTH = Duration.ofHours(1);
    private static final Duration PIECE = Duration.ofMinutes(15);

    /** Oldest first. */
    private final List<Errand.Piece> pieces;

    private final Map<Errand.Piece, List<Answer>> answers = new HashMap<>();

    /** Of the hour up to this tick. */
    History(Question question, Instant newest) {
        var interval = question.interval();
        var ticks = (int) LENGTH.dividedBy(interval);
        var size = (int) Math.max(1, PIECE.dividedBy(interval));
        var all = IntStream.rangeClosed(1, ticks)
                .mapToObj(i -> newest.minus(interval.multipliedBy(ticks - i)))
                .toList();
        pieces = IntStream.iterate(0, from -> from < ticks, from -> from + size)
                .mapToObj(from -> new Errand.Piece(question, all.subList(from, Math.min(ticks, from + size))))
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
        answers.put(piece, its.stream().filter(History::isThere).toList());
        return missing().isEmpty();
    }

    /** Its ticks have no answer. */
    void leaveOut(Errand.Piece piece) {
        answers.put(piece, List.of());
    }

    /** Oldest first, without the ticks that have none; empty as long as a piece is missing. */
    Optional<List<Answer>> answers() {
        if (!missing().isEmpty()) {
            return Optional.empty();
        }
        var all = new ArrayList<Answer>();
        pieces.forEach(piece -> all.addAll(answers.getOrDefault(piece, List.of())));
        return Optional.of(List.copyOf(all));
    }

    /** What it has, in no order. */
    Stream<Answer> all() {
        return answers.values().stream().flatMap(List::stream);
    }

    private static boolean isThere(Answer answer) {
        return answer.fold(value -> true, counters -> true, why -> false);
    }
}
