package dev.modelrollout.metrics;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which errand goes next to one provider: first come, first served within a namespace, but for pieces of histories, which
 * let others go first and leave half of the places free; the namespaces take turns. Not thread-safe.
 */
final class Lane {

    private static final int MAX_IN_FLIGHT = 64;
    private static final int MAX_IN_FLIGHT_OF_NAMESPACE = 8;
    private static final int MAX_PIECES_OF_NAMESPACE = 4;

    /** Never holds an empty queue; whose turn is next comes first. */
    private final Map<String, Deque<Errand>> waiting = new LinkedHashMap<>();

    /** Since when each of them waits. */
    private final Map<Errand, Instant> queued = new HashMap<>();

    private final Map<Errand, String> inFlight = new HashMap<>();
    private final Map<String, Integer> busy = new HashMap<>();

    /** When a namespace with errands in flight last had an answer. */
    private final Map<String, Instant> answered = new HashMap<>();

    /** Queues an errand, unless it waits or is in flight already. */
    void offer(Errand errand, String namespace, Instant now) {
        if (!inFlight.containsKey(errand) && queued.putIfAbsent(errand, now) == null) {
            waiting.computeIfAbsent(namespace, none -> new ArrayDeque<>()).add(errand);
        }
    }

    /** How many errands of a namespace wait. */
    int waiting(String namespace) {
        var queue = waiting.get(namespace);
        return queue == null ? 0 : queue.size();
    }

    /** The next errand, in flight from now on; empty when none waits or the bounds are reached. */
    Optional<Errand> next() {
        return inFlight.size() < MAX_IN_FLIGHT
                ? List.copyOf(waiting.keySet()).stream()
                        .filter(this::hasRoom)
                        .flatMap(namespace -> take(namespace).stream())
                        .findFirst()
                : Optional.empty();
    }

    /** Somebody in the namespace of an errand in flight has an answer. */
    void answered(Errand errand, Instant now) {
        var namespace = inFlight.get(errand);
        if (namespace != null) {
            answered.put(namespace, now);
        }
    }

    /** Those that have waited behind this one in flight since it was asked; none when their namespace had an answer then. */
    List<Errand> behind(Errand errand, Instant asked) {
        var namespace = inFlight.get(errand);
        if (namespace == null || answered.getOrDefault(namespace, Instant.MIN).isAfter(asked)) {
            return List.of();
        }
        return waiting.getOrDefault(namespace, new ArrayDeque<>()).stream()
                .filter(it -> !queued.getOrDefault(it, Instant.MAX).isAfter(asked))
                .toList();
    }

    /** Frees the place of an errand in flight. */
    void done(Errand errand) {
        var namespace = inFlight.remove(errand);
        if (namespace != null
                && busy.computeIfPresent(namespace, (any, count) -> count == 1 ? null : count - 1) == null) {
            answered.remove(namespace);
        }
    }

    private boolean hasRoom(String namespace) {
        return busy.getOrDefault(namespace, 0) < MAX_IN_FLIGHT_OF_NAMESPACE;
    }

    private boolean hasRoomForPiece(String namespace) {
        return inFlight.entrySet().stream()
                        .filter(one -> one.getKey() instanceof Errand.Piece
                                && one.getValue().equals(namespace))
                        .count()
                < MAX_PIECES_OF_NAMESPACE;
    }

    private Optional<Errand> take(String namespace) {
        var queue = waiting.getOrDefault(namespace, new ArrayDeque<>());
        var errand = queue.stream()
                .filter(one -> !(one instanceof Errand.Piece))
                .findFirst()
                .or(() -> queue.stream().findFirst().filter(piece -> hasRoomForPiece(namespace)));
        errand.ifPresent(one -> take(one, namespace, queue));
        return errand;
    }

    private void take(Errand errand, String namespace, Deque<Errand> queue) {
        queue.remove(errand);
        waiting.remove(namespace);
        if (!queue.isEmpty()) {
            waiting.put(namespace, queue);
        }
        queued.remove(errand);
        inFlight.put(errand, namespace);
        busy.merge(namespace, 1, Integer::sum);
    }
}
