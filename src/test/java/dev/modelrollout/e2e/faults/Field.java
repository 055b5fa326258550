package dev.modelrollout.e2e.faults;

import static org.awaitility.Awaitility.await;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.Hands;
import dev.modelrollout.testing.QueryServer;
import dev.modelrollout.testing.Started;
import dev.modelrollout.testing.Surroundings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Rollouts under faults:
 *
 * <pre>
 *   gateway, hands, recorder --> API server <-- proxy <-- operator --> Prometheus
 * </pre>
 *
 * <p>One operator has all rollouts, those that ended long ago too: they must stay as they are. Its log is in {@code
 * target/e2e-faults}.
 */
final class Field implements AutoCloseable {

    private static final Path LOGS = Path.of("target/e2e-faults");
    private static final Pattern WHOSE = Pattern.compile("namespace=\"(.+?)\"");
    private static final Duration HOLD = Duration.ofSeconds(1);

    /** After the last disturbance: 60 s, and three holds. */
    private static final Duration CONVERGENCE = Duration.ofSeconds(60).plus(HOLD.multipliedBy(3));

    /** The gateway's answer, and that nothing drifted, may still have to be told. */
    private static final Duration SETTLING = Duration.ofSeconds(15);

    private static final int KILLED_OF = 4;

    private final Started running = new Started();
    private final ExecutorService hands = Executors.newFixedThreadPool(8);
    private final Map<String, Course> courses = new ConcurrentHashMap<>();
    private final Map<Fault, Map<Act, Integer>> happened = new TreeMap<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<String> broken = new ArrayList<>();
    private final ApiServer server;
    private final KubernetesClient client;
    private final Recorder recorder;
    private Script leases = new Script(Map.of());
    private int leaseWrites;
    private volatile Instant disturbed = Instant.now();
    private Duration slowest = Duration.ZERO;

    /** Starts everything, without a rollout. */
    Field(ApiServer server, Path scratch) throws Exception {
        this.server = server;
        server.install(Crds.all());
        Files.createDirectories(LOGS);
        client = running.closing(new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig()))
                .build());
        recorder = running.closing(new Recorder(client, this::saw));
        running.closing((AutoCloseable) hands::shutdownNow);
        var prometheus = running.closing(new QueryServer(this::answer));
        running.closing(new Replica(
                "faults", server.kubeconfig(), scratch, LOGS, prometheus.url(), server.newNamespace(), this::fault));
    }

    /** So many rollouts from the first to the last write; their histories are judged then. */
    void play(long seed, int number) {
        synchronized (this) {
            leaseWrites = 0;
            leases = Script.of(seed, true);
        }
        var stories = Story.values();
        var round = new ConcurrentHashMap<Long, Course>();
        Hands.each(0, number, i -> {
            var hand = new Hand(client, server.newNamespace());
            var course = new Course(
                    stories[i % stories.length],
                    hand,
                    work -> hands.execute(() -> tried(work)),
                    Script.of(seed + i, i % KILLED_OF == 0),
                    seed + i);
            courses.put(hand.namespace(), course);
            round.put(seed + i, course);
            hand.release(HOLD);
        });
        awaitEnds(round.values());
        round.forEach((its, course) -> {
            if (course.ended().isEmpty()) {
                broken.add("I10: seed %d, %s%n%s".formatted(its, course, told(course)));
            }
        });
    }

    /** Everything that was seen of every rollout, judged. */
    List<String> broken() {
        courses.forEach((namespace, course) -> {
            var history = recorder.of(namespace);
            var all = new ArrayList<>(Promises.broken(history, HOLD));
            course.ended()
                    .ifPresent(ended -> history.stream()
                            .filter(look -> look.at().isAfter(ended.plus(SETTLING)))
                            .forEach(look -> all.add("I15: " + look)));
            if (!all.isEmpty()) {
                broken.add("%s%n  %s%n%s".formatted(course, String.join("\n  ", all), told(course)));
            }
        });
        failures.forEach(failure -> broken.add("the test itself: " + failure));
        return broken;
    }

    private String told(Course course) {
        return String.join(
                "\n",
                recorder.of(course.hand().namespace()).stream()
                        .map(look -> "    " + look)
                        .toList());
    }

    private void awaitEnds(Collection<Course> round) {
        try {
            await().atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() ->
                            round.stream().allMatch(course -> course.ended().isPresent() || isLate(course)));
        } catch (ConditionTimeoutException e) {
            // Those that have not ended are reported one by one.
        }
    }

    private boolean isLate(Course course) {
        var since = course.touched().isAfter(disturbed) ? course.touched() : disturbed;
        return Instant.now().isAfter(since.plus(CONVERGENCE));
    }

    private void tried(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    private Fault fault(Message request) {
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
        return fault;
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
        if (look.isRoute() && !look.isDeletion() && look.generation() > 1 && !isServed(look)) {
            hands.execute(() -> tried(() -> Surroundings.serve(
                    client,
                    client.getKubernetesSerialization().convertValue(look.object(), GenericKubernetesResource.class))));
        }
    }

    private static boolean isServed(Look route) {
        return route.status().at("/parents/0/conditions/0/observedGeneration").asLong() == route.generation();
    }

    private synchronized void took(Duration time) {
        slowest = slowest.compareTo(time) > 0 ? slowest : time;
    }

    private Optional<List<Map<String, Double>>> answer(String query, List<Instant> times) {
        var whose = WHOSE.matcher(query);
        if (!whose.find()) {
            throw new AssertionError(query);
        }
        var course = courses.get(whose.group(1));
        var isBad = course != null && course.isBad() && query.contains(Story.NAME + "-v2-");
        var answer = Map.of("{}", isBad ? 0.5 : 0.0);
        return Optional.of(times.stream().map(time -> answer).toList());
    }

    @Override
    public void close() throws Exception {
        running.close();
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
