package dev.modelrollout.e2e.faults;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A blow to the leader at one of its writes of a route, and who comes after it. */
final class Handover implements Faults {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int WRITES = 10;
    private static final int LATER = 5;

    private final Blow blow;
    private final Writers writers;
    private final int atWrite;
    private final boolean atDecrease;
    private final int wokenAfter;
    private final Fault fate;
    private int seen;
    private boolean isOver;
    private volatile @Nullable Strike strike;

    /** @param former the leader until then */
    private record Strike(Replica leader, String former, Instant at) {}

    /** @param seed tells at which write, and for how many of its successor's it lasts */
    Handover(Blow blow, Writers writers, long seed) {
        var dice = new Random(seed);
        this.blow = blow;
        this.writers = writers;
        atWrite = 1 + dice.nextInt(WRITES);
        atDecrease = dice.nextBoolean();
        wokenAfter = 1 + dice.nextInt(LATER);
        fate = dice.nextBoolean() ? Fault.CONFLICT : Fault.NONE;
    }

    /** The write itself is on its way: the server takes it or refuses it, and the leader does not hear of it in time. */
    @Override
    public Fault at(Replica from, Message request) {
        if (!isTime(request)) {
            return Fault.NONE;
        }
        var former = from.present();
        try {
            blow.strike(from);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        strike = new Strike(from, former, Instant.now());
        return fate;
    }

    private synchronized boolean isTime(Message request) {
        if (isOver || Act.of(request) != Act.ROUTE) {
            return false;
        }
        seen++;
        isOver = atDecrease ? !request.text().contains("/metadata/generation") : seen == atWrite;
        return isOver;
    }

    /**
     * From the blow to the first write of the next leader. The former one has ended itself afterwards.
     *
     * @param replicas those that end otherwise are started again: a busy machine costs a Lease too
     */
    Duration awaitEnd(List<Replica> replicas) throws IOException, InterruptedException {
        await().atMost(PATIENCE).until(() -> strike != null);
        var its = requireNonNull(strike);
        await().atMost(PATIENCE).until(() -> {
            replicas.stream().filter(replica -> replica != its.leader()).forEach(Replica::restart);
            return writers.others(its.former(), its.at()).size() >= wokenAfter;
        });
        blow.end(its.leader());
        await().atMost(PATIENCE).until(() -> !its.leader().process().handle().isAlive());
        return Duration.between(its.at(), writers.others(its.former(), its.at()).get(0));
    }
}
