package dev.modelrollout.e2e.faults;

import static org.awaitility.Awaitility.await;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Hands;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.awaitility.core.ConditionTimeoutException;

/** Rollouts under faults. The replicas have all of them, those that ended long ago too: they must stay as they are. */
final class Field implements AutoCloseable {

    private static final Duration HOLD = Duration.ofSeconds(1);

    /** After the last disturbance: 60 s, and three holds. */
    private static final Duration CONVERGENCE = Duration.ofSeconds(60).plus(HOLD.multipliedBy(3));

    /** The gateway's answer, and that nothing drifted, may still have to be told. */
    private static final Duration SETTLING = Duration.ofSeconds(15);

    private static final int KILLED_OF = 4;

    private final Map<String, Course> courses = new ConcurrentHashMap<>();
    private final Map<Fault, Map<Act, Integer>> happened = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();
    private final Ground ground;
    private final List<Replica> replicas = new ArrayList<>();
    private volatile Faults others = (replica, request) -> Fault.NONE;
    private Script leases = new Script(Map.of());
    private int leaseWrites;
    private volatile Instant disturbed = Instant.now();
    private Duration slowest = Duration.ZERO;

    /** Starts everything, with replicas of these names, and without a rollout. */
    Field(ApiServer server, Path scratch, String... names) throws Exception {
        ground = new Ground(server, scratch, this::answer, this::saw);
        for (var name : names) {
            replicas.add(ground.replica(name, this::fault));
        }
    }

    Ground ground() {
        return ground;
    }

    List<Replica> replicas() {
        return replicas;
    }

    /** Where no script has a fault, this may have one. */
    void others(Faults others) {
        this.others = others;
    }

    /** Something has ended now that rollouts need time to recover from. */
    void disturb() {
        disturbed = Instant.now();
    }

    /** So many rollouts from the first to the last write, with faults of the scripts; their histories are judged then. */
    void play(long seed, int number) {
        synchronized (this) {
            leaseWrites = 0;
            leases = Script.of(seed, true);
        }
        awaitEnds(begin(seed, number, i -> Script.of(seed + i, i % KILLED_OF == 0)));
    }

    /** Releases so many rollouts, by their seeds. */
    Map<Long, Course> begin(long seed, int number, IntFunction<Script> scripts) {
        var stories = Story.values();
        var round = new ConcurrentHashMap<Long, Course>();
        Hands.each(0, number, i -> {
            var hand = ground.newHand();
            var course = new Course(stories[i % stories.length], hand, ground::soon, scripts.apply(i), seed + i);
            courses.put(hand.namespace(), course);
            round.put(seed + i, course);
            hand.release(Story.manifest(hand.namespace(), HOLD));
        });
        return round;
    }

    /** Waits for their last writes; one that has not ended in time has broken a promise. */
    void awaitEnds(Map<Long, Course> round) {
        try {
            await().atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> round.values().stream()
                            .allMatch(course -> course.ended().isPresent() || isLate(course)));
        } catch (ConditionTimeoutException e) {
            // Those that have not ended are reported one by one.
        }
        round.forEach((its, course) -> {
            if (course.ended().isEmpty()) {
                broken.add("I10: seed %d, %s%n%s".formatted(its, course, told(course)));
            }
        });
    }

    /** Everything that was seen of every rollout, judged. */
    List<String> broken() {
        courses.forEach((namespace, course) -> {
            var history = ground.recorder().of(namespace);
            var all = new ArrayList<>(Promises.broken(history, HOLD));
            course.ended()
                    .ifPresent(ended -> history.stream()
                            .filter(look -> look.at().isAfter(ended.plus(SETTLING)))
                            .forEach(look -> all.add("I15: " + look)));
            if (!all.isEmpty()) {
                broken.add("%s%n  %s%n%s".formatted(course, String.join("\n  ", all), told(course)));
            }
        });
        broken.addAll(ground.failures());
        return broken;
    }

    /** Of each rollout all that was stored, in its order. */
    List<List<Look>> histories() {
        return courses.keySet().stream().map(ground.recorder()::of).toList();
    }

    private String told(Course course) {
        return String.join(
                "\n",
                ground.recorder().of(course.hand().namespace()).stream()
                        .map(look -> "    " + look)
                        .toList());
    }

    private boolean isLate(Course course) {
        var since = course.touched().isAfter(disturbed) ? course.touched() : disturbed;
        return Instant.now().isAfter(since.plus(CONVERGENCE));
    }

    private Fault fault(Replica replica, Message request) {
        var act = Act.of(request);
        var fault = switch (act) {
            case READ, WATCH -> Fault.NONE;
            case LEASE -> lease();
            default ->
                Optional.ofNullable(courses.get(Act.namespace(request)))
                        .map(Course::write)
                        .orElse(Fault.NONE);
        };
        if (fault != Fault.NONE) {
            disturbed = Instant.now();
            synchronized (happened) {
                happened.computeIfAbsent(fault, its -> new TreeMap<>()).merge(act, 1, Integer::sum);
            }
        }
        return fault == Fault.NONE ? others.at(replica, request) : fault;
    }

    private synchronized Fault lease() {
        leaseWrites++;
        return leases.at(leaseWrites);
    }

    private void saw(Look look) {
        var course = courses.get(look.namespace());
        if (course == null) {
            return;
        }
        var before = course.ended();
        course.sees(look);
        if (before.isEmpty()) {
            course.ended()
                    .ifPresent(ended -> took(Duration.between(
                            course.touched().isAfter(disturbed) ? course.touched() : disturbed, ended)));
        }
    }

    private synchronized void took(Duration time) {
        slowest = slowest.compareTo(time) > 0 ? slowest : time;
    }

    private Optional<List<Map<String, Double>>> answer(String query, List<Instant> times) {
        var course = courses.get(Hand.whose(query));
        var isBad = course != null && course.isBad() && query.contains(Story.NAME + "-v2-");
        var answer = Map.of("{}", isBad ? 0.5 : 0.0);
        return Optional.of(times.stream().map(time -> answer).toList());
    }

    @Override
    public void close() throws Exception {
        ground.close();
    }

    @Override
    public String toString() {
        var text = new StringBuilder("%d rollouts ended; the last one %s after its last disturbance%n"
                .formatted(
                        courses.values().stream()
                                .filter(course -> course.ended().isPresent())
                                .count(),
                        slowest));
        happened.forEach((fault, acts) -> text.append("%-18s %s%n".formatted(fault, acts)));
        return text.toString();
    }
}
