package dev.modelrollout.e2e.faults;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A candidate that turns bad while it has 25 %. Thread-safe. */
final class Breach {

    private static final Duration SLOWNESS = Duration.ofSeconds(4);
    private static final Duration HOLD = Duration.ofSeconds(1);
    private static final int SHARE = 25;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Setback setback;
    private final Hand hand;
    private final Runnable blow;
    private int writes;
    private boolean isStruck;
    private @Nullable Look route;
    private @Nullable Look rollout;
    private @Nullable Instant badFrom;
    private @Nullable Instant fell;

    /** @param blow what hits when Prometheus answers the breach for the first time */
    Breach(Setback setback, Hand hand, Runnable blow) {
        this.setback = setback;
        this.hand = hand;
        this.blow = blow;
    }

    void release() {
        var steps = "{weight: 5, hold: %ds}, {weight: %d, hold: 1h}".formatted(HOLD.toSeconds(), SHARE);
        hand.release(Story.manifest(hand.namespace(), steps, Story.check("errors", 1), Story.check("other", 1)));
    }

    synchronized boolean hasRisen() {
        return route != null && route.share() == SHARE && rollout != null && rollout.told() == SHARE;
    }

    /** Prometheus shows it from so long after a tick on. */
    void begin(Duration phase) {
        if (setback == Setback.STABLE_HALF_READY) {
            hand.readyOfStable(1);
        }
        var now = Instant.now();
        synchronized (this) {
            badFrom = Instant.ofEpochSecond(now.getEpochSecond() + 2).plus(phase);
        }
    }

    /** Percent of what its query asks for; some answers take time. */
    double answer(String query, Instant time) throws InterruptedException {
        if (query.startsWith("other")) {
            if (setback == Setback.SLOW_CHECK && isBad(time)) {
                var unused = over.await(SLOWNESS.toSeconds(), TimeUnit.SECONDS);
            }
            return 0;
        }
        if (!query.contains(Story.NAME + "-v2-") || !isBad(time)) {
            return 0;
        }
        if (strikes()) {
            blow.run();
        }
        return 0.5;
    }

    private synchronized boolean isBad(Instant time) {
        return badFrom != null && !time.isBefore(badFrom);
    }

    private synchronized boolean strikes() {
        var first = !isStruck;
        isStruck = true;
        return first;
    }

    Fault at(Message request) throws InterruptedException {
        var act = Act.of(request);
        if (act == Act.EVENT && setback == Setback.EVENTS_HANG && isBad(Instant.now())) {
            over.await();
        }
        return act == Act.ROUTE ? write() : Fault.NONE;
    }

    private synchronized Fault write() {
        if (badFrom == null || fell != null) {
            return Fault.NONE;
        }
        writes++;
        return writes == 1 ? setback.firstWrite() : Fault.NONE;
    }

    synchronized void sees(Look look) {
        if (!look.isRoute()) {
            rollout = look;
            return;
        }
        route = look;
        if (badFrom != null && fell == null && look.share() == 0) {
            fell = look.at();
        }
    }

    synchronized boolean isOver() {
        return fell != null
                && rollout != null
                && rollout.phase().equals("RolledBack")
                && rollout.object().at("/metadata/finalizers").isEmpty();
    }

    /** Answers what is still waiting. */
    void end() {
        over.countDown();
    }

    /** From Prometheus showing it to weight 0. */
    synchronized Duration took() {
        return Duration.between(requireNonNull(badFrom), requireNonNull(fell));
    }

    /** Promises that were broken, told from its history. */
    synchronized List<String> broken(List<Look> history) {
        var broken = new ArrayList<>(Promises.broken(history, HOLD));
        if (writes != setback.writes()) {
            broken.add("%d writes of the route instead of %d".formatted(writes, setback.writes()));
        }
        history.stream()
                .filter(Look::isRoute)
                .filter(look -> badFrom != null && look.at().isAfter(badFrom))
                .filter(look -> look.share() != SHARE && look.share() != 0)
                .forEach(look -> broken.add("neither as it was nor 0: " + look));
        return broken.stream().map(what -> setback + ": " + what).toList();
    }

    @Override
    public String toString() {
        return "%s in %s: %s".formatted(setback, hand.namespace(), rollout);
    }
}
