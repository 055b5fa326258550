package dev.modelrollout.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

    /** How often foreign changes of the route were dealt with since then; those that led to a halt are settled. */
    long driftsSince(Instant then) {
        return drifts().filter(move -> move.at().isAfter(then)).count();
    }

    /** When the last foreign change of the route was dealt with; those that led to a halt are settled. */
    public Optional<Instant> lastDrift() {
        return drifts().map(Move::at).findFirst();
    }

    /** Whether a foreign change of the route was dealt with less than {@code window} ago. */
    boolean driftedWithin(Duration window, Instant now) {
        return driftsSince(now.minus(window)) > 0;
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
