package dev.modelrollout.analysis;

import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All that one rollout wants to know of its metrics. The three do not depend on each other.
 *
 * @param everyTick asked at each tick
 * @param once asked for one tick, which may lie far back, and kept for as long as they are wanted; a tick whose answer
 *     is still known is not asked for again
 * @param history asked once for the hour before; counters only
 */
public record Wanted(Set<Question> everyTick, Set<Asked> once, Set<Question> history) {

    /** One question at one of its ticks. */
    public record Asked(Question question, Instant tick) {}

    /** Nothing any more. */
    public static final Wanted NOTHING = everyTick(Set.of());

    /** @throws IllegalArgumentException when the history of a {@link Question.Form#NUMBER} is wanted */
    public Wanted {
        everyTick = Set.copyOf(everyTick);
        once = Set.copyOf(once);
        history = Set.copyOf(history);
        if (history.stream().anyMatch(question -> question.form() != Question.Form.COUNTERS)) {
            throw new IllegalArgumentException("only counters have a history");
        }
    }

    /** These at each tick, and no more. */
    public static Wanted everyTick(Set<Question> questions) {
        return new Wanted(questions, Set.of(), Set.of());
    }

    /** Each question that is wanted in one way or another. */
    public Set<Question> questions() {
        return Stream.of(everyTick.stream(), once.stream().map(Asked::question), history.stream())
                .flatMap(questions -> questions)
                .collect(Collectors.toUnmodifiableSet());
    }
}
