package dev.modelrollout.e2e.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.Hands;
import dev.modelrollout.testing.OperatorProcess;
import dev.modelrollout.testing.QueryServer;
import dev.modelrollout.testing.Started;
import dev.modelrollout.testing.Surroundings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * Many rollouts at once:
 *
 * <pre>
 *   gateway, recorder --> API server <-- two operators --> Prometheus
 *        |                                                     ^
 *        +-------- the split ------> traffic ---- counters ----+
 * </pre>
 *
 * <p>One operator has the rollouts that see it killed, the other one has the rest. The logs are in {@code
 * target/e2e-decisions}.
 */
final class Arena implements AutoCloseable {

    private static final Path LOGS = Path.of("target/e2e-decisions");
    private static final Pattern WHOSE = Pattern.compile("pod=~\"(.+?)-v[12]-");
    private static final List<Duration> KILLS = List.of(Duration.ofSeconds(30), Duration.ofSeconds(75));
    private static final Duration AWAY = Duration.ofSeconds(3);
    private static final Duration BEFORE_RESTART = Duration.ofSeconds(5);

    private final Started running = new Started();

    private final Map<String, Course> courses = new LinkedHashMap<>();
    private final Asked asked = new Asked();
    private final ScheduledExecutorService clockwork = Executors.newScheduledThreadPool(4);
    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private final KubernetesClient client;
    private final Path kubeconfig;
    private final QueryServer prometheus;
    private final OperatorProcess operator;

    /**
     * Starts everything; all rollouts are due.
     *
     * @param runs of each story
     * @param seed of the first run
     */
    Arena(ApiServer server, Path scratch, int runs, int seed) throws Exception {
        server.install(Crds.all());
        client = server.client();
        kubeconfig = Files.writeString(scratch.resolve("kubeconfig"), server.kubeconfig());
        Files.createDirectories(LOGS);
        var calm = server.newNamespace();
        var killed = server.newNamespace();
        running.closing((AutoCloseable) clockwork::shutdownNow);
        prometheus = running.closing(new QueryServer(this::answer));
        for (var story : Story.ALL) {
            for (var run = 0; run < runs; run++) {
                var name = "s%d-%d".formatted(story.cell().number(), run);
                courses.put(name, new Course(story, new Tenant(story, name, seed + run, Instant.now())));
            }
        }
        for (var namespace : List.of(calm, killed)) {
            watch(namespace, "gateway.networking.k8s.io/v1", "HTTPRoute", this::weighs);
            watch(
                    namespace,
                    "modelrollout.dev/v1alpha1",
                    "ModelRollout",
                    (course, rollout) -> course.shows(rollout, Instant.now()));
        }
        operator = start(calm);
        start(killed, KILLS);
        var names = List.copyOf(courses.keySet());
        Hands.each(0, names.size(), i -> {
            var story = course(names.get(i)).story();
            release(story, story.trouble() == Trouble.OPERATOR_KILLED ? killed : calm, names.get(i));
        });
    }

    private void release(Story story, String namespace, String name) {
        Surroundings.create(client, namespace, name);
        client.load(new ByteArrayInputStream(story.manifest(namespace, name).getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    Collection<Course> courses() {
        return courses.values();
    }

    Asked asked() {
        return asked;
    }

    /** The one that is not killed. */
    OperatorProcess operator() {
        return operator;
    }

    /** Until all have ended, but for those that need longer. */
    void awaitEnds(Duration ceiling) {
        try {
            await("all have ended")
                    .atMost(ceiling)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> !failures.isEmpty() || courses().stream().allMatch(Course::hasEnded));
        } catch (org.awaitility.core.ConditionTimeoutException stillOpen) {
            // Little traffic needs longer: what is open is counted.
        }
        assertThat(failures).isEmpty();
    }

    @Override
    public void close() throws Exception {
        running.close();
    }

    private Course course(String name) {
        return Objects.requireNonNull(courses.get(name), name);
    }

    private OperatorProcess start(String namespace) throws IOException {
        return running.closing(OperatorProcess.start(
                        kubeconfig,
                        prometheus.url(),
                        Map.of("MODELROLLOUT_NAMESPACES", namespace),
                        LOGS.resolve("operator-" + namespace + ".log"))
                .awaitReady());
    }

    /** Kills it so long after now, and starts another one. */
    private void start(String namespace, List<Duration> kills) throws IOException {
        var victim = start(namespace);
        if (kills.isEmpty()) {
            return;
        }
        after(kills.get(0), () -> {
            victim.close();
            after(AWAY, () -> {
                try {
                    start(namespace, kills.subList(1, kills.size()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        });
    }

    private void after(Duration wait, Runnable work) {
        var unused = clockwork.schedule(
                () -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        failures.add(e);
                    }
                },
                wait.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private Optional<List<Map<String, Double>>> answer(String query, List<Instant> times) {
        var whose = WHOSE.matcher(query);
        if (!whose.find()) {
            throw new AssertionError(query);
        }
        asked.by(query, times, Instant.now());
        var tenant = course(whose.group(1)).tenant();
        var answers = new ArrayList<Map<String, Double>>();
        for (var time : times) {
            var answer = tenant.answer(query, time);
            if (answer.isEmpty()) {
                return Optional.empty();
            }
            answers.add(answer.get());
        }
        return Optional.of(answers);
    }

    private void weighs(Course course, GenericKubernetesResource route) {
        int weight = route.get("spec", "rules", 0, "backendRefs", 1, "weight");
        var isFirst = course.risen().isEmpty();
        course.weighs(weight, Instant.now());
        if (route.getMetadata().getGeneration() > 1) {
            after(Duration.ZERO, () -> Surroundings.serve(client, route));
        }
        if (course.story().trouble() == Trouble.DEPLOYMENT_RESTART
                && isFirst
                && course.risen().isPresent()) {
            after(
                    BEFORE_RESTART,
                    () -> restart(
                            route.getMetadata().getNamespace(),
                            route.getMetadata().getName()));
        }
    }

    /** As {@code kubectl rollout restart} does, and the controller after it. */
    private void restart(String namespace, String name) {
        var deployment = client.apps().deployments().inNamespace(namespace).withName(name + "-v1");
        var restarted = deployment.edit(found -> new DeploymentBuilder(found)
                .editSpec()
                .editTemplate()
                .editMetadata()
                .addToAnnotations(
                        "kubectl.kubernetes.io/restartedAt", Instant.now().toString())
                .endMetadata()
                .endTemplate()
                .endSpec()
                .build());
        deployment.editStatus(found -> new DeploymentBuilder(found)
                .editStatus()
                .withObservedGeneration(restarted.getMetadata().getGeneration())
                .endStatus()
                .build());
    }

    private void watch(
            String namespace, String version, String kind, BiConsumer<Course, GenericKubernetesResource> seen) {
        running.closing(client.genericKubernetesResources(version, kind)
                .inNamespace(namespace)
                .watch(new Watcher<>() {

                    private final Map<String, Long> generations = new LinkedHashMap<>();

                    @Override
                    public void eventReceived(Action action, GenericKubernetesResource object) {
                        var meta = object.getMetadata();
                        var before = generations.put(meta.getName(), meta.getGeneration());
                        if (kind.equals("ModelRollout") || !meta.getGeneration().equals(before)) {
                            seen.accept(course(meta.getName()), object);
                        }
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        failures.add(cause);
                    }
                }));
    }
}
