package dev.modelrollout.metrics;

import dev.modelrollout.analysis.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One question that somebody follows, and its answers. Not thread-safe. */
final class Followed {

    private static final Duration MIN_KEPT = Duration.ofMinutes(2);

    private final Duration kept;
    private final Map<String, String> namespaceOf = new HashMap<>();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private Instant newestAsked = Instant.MIN;

    Followed(Duration interval) {
        var three = interval.multipliedBy(3);
        this.kept = three.compareTo(MIN_KEPT) < 0 ? MIN_KEPT : three;
    }

    void join(String follower, String namespace) {
        namespaceOf.put(follower, namespace);
    }

    /** Whether anybody is left. */
    boolean leave(String follower) {
        namespaceOf.remove(follower);
        return !namespaceOf.isEmpty();
    }

    List<String> followers() {
        return List.copyOf(namespaceOf.keySet());
    }

    Set<String> namespaces() {
        return Set.copyOf(namespaceOf.values());
    }

    /** Whether this tick is to be asked for; true once for each tick. */
    boolean takes(Instant tick) {
        var isNewer = tick.isAfter(newestAsked);
        newestAsked = isNewer ? tick : newestAsked;
        return isNewer;
    }

    void add(Answer answer, Instant now) {
        answers.add(answer);
        forget(now);
    }

    List<Answer> answers(Instant now) {
        forget(now);
        return List.copyOf(answers);
    }

    private void forget(Instant now) {
        var oldest = now.minus(kept);
        while (!answers.isEmpty() && answers.element().tick().isBefore(oldest)) {
            answers.remove();
        }
    }
}
