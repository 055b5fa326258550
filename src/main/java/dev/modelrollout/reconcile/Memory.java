package dev.modelrollout.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What is known of each rollout, by uid, beside its status; may be lost at any time at the cost of a little time. */
final class Memory {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** So long after its sender has given it up, or has died, a request may take effect. */
    private static final Duration ON_ITS_WAY = Duration.ofSeconds(5);

    private final Map<String, Instant> looks = new ConcurrentHashMap<>();
    private final Map<String, Instant> writes = new ConcurrentHashMap<>();
    private final Map<String, Served> served = new ConcurrentHashMap<>();
    private final Map<String, Instant> condemned = new ConcurrentHashMap<>();
    private final Map<String, Instant> overBy = new ConcurrentHashMap<>();
    private final Set<String> settled = ConcurrentHashMap.newKeySet();
    private final Map<String, Instant> refusals = new ConcurrentHashMap<>();

    private record Served(String route, long generation, Instant since) {}

    /**
     * Whether the route may show, or show yet, a write of ours that the status does not know: since the start or the last
     * failure it was not seen, on a fresh look, to be as the status says, or a request sent before may still be on its
     * way.
     *
     * @param isKnown whether somebody has had a round of it; only the first call counts
     */
    boolean isInterrupted(String uid, boolean isKnown, Instant now) {
        var over = overBy.computeIfAbsent(uid, any -> isKnown ? now.plus(ON_ITS_WAY) : now);
        return !settled.contains(uid) || now.isBefore(over);
    }

    /**
     * Whether route and rollout were not read from the API server for a minute, as a watch may be silent, or not since
     * the start or the last failure.
     */
    boolean isLookDue(String uid, Instant now) {
        var look = looks.get(uid);
        return look == null || !now.isBefore(look.plus(MINUTE));
    }

    void looked(String uid, Instant now) {
        looks.put(uid, now);
    }

    /** On a fresh look the route was, or became, as the status says. */
    void settled(String uid) {
        settled.add(uid);
    }

    /** A round has failed: what it wrote is not known. */
    void failed(String uid, Instant now) {
        looks.remove(uid);
        settled.remove(uid);
        overBy.put(uid, now.plus(ON_ITS_WAY));
    }

    /** Whether numbers alone may be written. */
    boolean isWriteDue(String uid, Instant now) {
        return !now.isBefore(writes.computeIfAbsent(uid, any -> now).plus(MINUTE));
    }

    void wrote(String uid, Instant now) {
        writes.put(uid, now);
    }

    /** Since when this generation of the route is known to be served; null when it is not. */
    @Nullable
    Instant servedSince(String uid, String route, long generation, boolean isServed, Instant now) {
        if (!isServed) {
            served.remove(uid);
            return null;
        }
        return served.merge(
                        uid,
                        new Served(route, generation, now),
                        (known, seen) -> known.route().equals(route) && known.generation() == generation ? known : seen)
                .since();
    }

    /** When a rollback was decided first that has not come true since; null when none is decided now. */
    @Nullable
    Instant condemnedSince(String uid, boolean isCondemned, Instant now) {
        if (!isCondemned) {
            condemned.remove(uid);
            return null;
        }
        return condemned.computeIfAbsent(uid, any -> now);
    }

    /** Whether it was not told within a minute that the route takes no write; it is now. */
    boolean isRefusalNews(String uid, Instant now) {
        var told = refusals.get(uid);
        if (told != null && now.isBefore(told.plus(MINUTE))) {
            return false;
        }
        refusals.put(uid, now);
        return true;
    }

    void forget(String uid) {
        looks.remove(uid);
        writes.remove(uid);
        served.remove(uid);
        condemned.remove(uid);
        overBy.remove(uid);
        settled.remove(uid);
        refusals.remove(uid);
    }
}
