package dev.modelrollout.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What outlives every state.
 *
 * @param live name of the version that serves all traffic but the candidate's
 * @param tombstones newest first, at most 10
 * @param history newest first, at most 20
 */
public record Ledger(String live, List<Tombstone> tombstones, List<Move> history) {

    /** How long a gateway may take to serve new weights before we say that it does not. */
    private static final Duration GATEWAY = Duration.ofSeconds(5);
    /** How long a foreign change stays visible, and the least time between two put-backs. */
    static final Duration DRIFT = Duration.ofSeconds(10);

    private static final int TOMBSTONES = 10;
    private static final int MOVES = 20;

    public Ledger {
        tombstones = List.copyOf(tombstones);
        history = List.copyOf(history);
    }

    Ledger with(Move move) {
        return new Ledger(live, tombstones, pushed(move, history, MOVES));
    }

    Ledger with(Tombstone tombstone) {
        return new Ledger(live, pushed(tombstone, tombstones, TOMBSTONES), history);
    }

    Ledger live(String version) {
        return new Ledger(version, tombstones, history);
    }

    /** Why this revision is barred, if it is. */
    public Optional<Tombstone> tombstone(Revision revision) {
        return tombstones.stream()
                .filter(tombstone -> tombstone.revision().equals(revision))
                .findFirst();
    }

    /** When something moved last; the distant past when nothing has. */
    Instant lastMoved() {
        return history.isEmpty() ? Instant.EPOCH : history.get(0).at();
    }

    /** By when the gateway should serve what moved last. */
    public Instant servedBy() {
        return lastMoved().plus(GATEWAY);
    }

    /** How often foreign changes of the route were dealt with since then; those that led to a halt are settled. */
    long driftsSince(Instant then) {
        return drifts().filter(move -> move.at().isAfter(then)).count();
    }

    /** Until when foreign changes of the route stay visible, and let nothing move. */
    public Optional<Instant> driftEnds() {
        // The latest by its time is not the first of the history when the clock was put back.
        return drifts().map(Move::at).max(Comparator.naturalOrder()).map(at -> at.plus(DRIFT));
    }

    private Stream<Move> drifts() {
        return history.stream()
                .takeWhile(move -> !move.reason().equals(Reason.CONTESTED.text()))
                .filter(move -> move.reason().equals(Reason.DRIFTED.text()));
    }

    private static <T> List<T> pushed(T head, List<T> tail, int limit) {
        var all = new ArrayList<T>(limit);
        all.add(head);
        tail.stream().limit(limit - 1L).forEach(all::add);
        return all;
    }
}
