package dev.modelrollout.metrics;

import dev.modelrollout.analysis.Question;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which question goes next to one provider: first come, first served within a namespace; the namespaces take turns. Not
 * thread-safe.
 */
final class Lane {

    private static final int MAX_IN_FLIGHT = 64;
    private static final int MAX_IN_FLIGHT_OF_NAMESPACE = 8;

    /** Never holds an empty queue; whose turn is next comes first. */
    private final Map<String, Deque<Question>> waiting = new LinkedHashMap<>();

    private final Set<Question> queued = new HashSet<>();
    private final Map<Question, String> inFlight = new HashMap<>();
    private final Map<String, Integer> busy = new HashMap<>();

    /** Queues a question, unless it waits or is in flight already. */
    void offer(Question question, String namespace) {
        if (!inFlight.containsKey(question) && queued.add(question)) {
            waiting.computeIfAbsent(namespace, none -> new ArrayDeque<>()).add(question);
        }
    }

    /** How many questions of a namespace wait. */
    int waiting(String namespace) {
        var queue = waiting.get(namespace);
        return queue == null ? 0 : queue.size();
    }

    /** The next question, in flight from now on; empty when none waits or the bounds are reached. */
    Optional<Question> next() {
        return inFlight.size() < MAX_IN_FLIGHT
                ? waiting.entrySet().stream()
                        .filter(queue -> hasRoom(queue.getKey()))
                        .findFirst()
                        .map(queue -> take(queue.getKey(), queue.getValue()))
                : Optional.empty();
    }

    /** Frees the place of a question in flight. */
    void done(Question question) {
        var namespace = inFlight.remove(question);
        if (namespace != null) {
            busy.computeIfPresent(namespace, (name, count) -> count == 1 ? null : count - 1);
        }
    }

    private boolean hasRoom(String namespace) {
        return busy.getOrDefault(namespace, 0) < MAX_IN_FLIGHT_OF_NAMESPACE;
    }

    private Question take(String namespace, Deque<Question> queue) {
        var question = queue.remove();
        waiting.remove(namespace);
        if (!queue.isEmpty()) {
            waiting.put(namespace, queue);
        }
        queued.remove(question);
        inFlight.put(question, namespace);
        busy.merge(namespace, 1, Integer::sum);
        return question;
    }
}
