package dev.modelrollout.e2e.faults;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Hands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Bad candidates of two replicas, some at once where the setback allows it. */
final class Breaches implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Slow answers must not take all hands of the server. */
    private static final int AT_ONCE = 5;

    private final Map<String, Breach> all = new ConcurrentHashMap<>();
    private final Map<String, Other> others = new ConcurrentHashMap<>();
    private final Times times = new Times("beside the breach");
    private final List<String> broken = Collections.synchronizedList(new ArrayList<>());
    private final Ground ground;
    private final List<Replica> replicas;

    /** A rollout whose queries are not answered until it is over. */
    private record Other(CountDownLatch asked, CountDownLatch over) {}

    /** Starts two replicas. */
    Breaches(ApiServer server, Path scratch) throws Exception {
        ground = new Ground(server, scratch, this::answers, this::saw);
        replicas = List.of(ground.replica("one", this::fault), ground.replica("two", this::fault));
        for (var replica : replicas) {
            replica.process().awaitReady();
        }
    }

    /** So many with this setback, spread over the interval between two questions. */
    void play(Setback setback, int runs) throws IOException {
        var atOnce = setback.hitsAll() ? 1 : AT_ONCE;
        for (var run = 0; run < runs; run += atOnce) {
            play(setback, run, Math.min(runs, run + atOnce), runs);
        }
    }

    private void play(Setback setback, int from, int to, int runs) throws IOException {
        if (setback == Setback.OTHERS_HANG) {
            releaseOther();
        }
        Hands.each(from, to, run -> {
            var hand = ground.newHand();
            var breach = new Breach(setback, hand, () -> strike(setback));
            all.put(hand.namespace(), breach);
            breach.release();
            await(breach, Breach::hasRisen);
            breach.begin(Duration.ofSeconds(1).multipliedBy(run).dividedBy(runs));
            await(breach, Breach::isOver);
            breach.end();
            times.add(setback.toString(), breach.took());
            broken.addAll(breach.broken(ground.recorder().of(hand.namespace())));
        });
        others.values().forEach(other -> other.over().countDown());
        for (var replica : replicas) {
            replica.restart();
            replica.process().awaitReady();
        }
    }

    private static void await(Breach breach, Predicate<Breach> condition) {
        Awaitility.await(breach.toString())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> condition.test(breach));
    }

    private void releaseOther() {
        var hand = ground.newHand();
        var other = new Other(new CountDownLatch(1), new CountDownLatch(1));
        others.put(hand.namespace(), other);
        hand.release(Story.manifest(hand.namespace(), Duration.ofSeconds(1)));
        Awaitility.await().atMost(PATIENCE).until(() -> other.asked().getCount() == 0);
    }

    private void strike(Setback setback) {
        switch (setback) {
            case WATCHES_CUT -> replicas.forEach(replica -> replica.proxy().cutWatches());
            case OPERATOR_KILLED -> leader().kill();
            case LEADER_KILLED -> leader().process().close();
            default -> {}
        }
    }

    private Replica leader() {
        var name = ground.leader();
        return replicas.stream()
                .filter(replica -> replica.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Fault fault(Replica replica, Message request) {
        try {
            var breach = all.get(Act.namespace(request));
            return breach == null ? Fault.NONE : breach.at(request);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void saw(Look look) {
        var breach = all.get(look.namespace());
        if (breach != null) {
            breach.sees(look);
        }
    }

    private Optional<List<Map<String, Double>>> answers(String query, List<Instant> times) {
        var namespace = Hand.whose(query);
        try {
            var answers = new ArrayList<Map<String, Double>>();
            for (var time : times) {
                answers.add(Map.of("{}", answer(namespace, query, time)));
            }
            return Optional.of(answers);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private double answer(String namespace, String query, Instant time) throws InterruptedException {
        var other = others.get(namespace);
        if (other != null) {
            other.asked().countDown();
            other.over().await();
        }
        var breach = all.get(namespace);
        return breach == null ? 0 : breach.answer(query, time);
    }

    /** Everything that was broken until now. */
    List<String> broken() {
        var all = new ArrayList<>(broken);
        all.addAll(ground.failures());
        return all;
    }

    @Override
    public void close() throws Exception {
        others.values().forEach(other -> other.over().countDown());
        all.values().forEach(Breach::end);
        ground.close();
    }

    @Override
    public String toString() {
        return times.toString();
    }
}
