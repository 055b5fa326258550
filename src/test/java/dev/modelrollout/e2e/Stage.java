package dev.modelrollout.e2e;

import static org.awaitility.Awaitility.await;

import dev.modelrollout.testing.Cluster;
import dev.modelrollout.testing.Prometheus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/**
 * All that runs, in the order in which it is started:
 *
 * <pre>
 *   load generator --> gateway --> servers of the models <-- Prometheus
 *                         ^                                      ^
 *   recorder --> API server <----------------------------- operator
 * </pre>
 *
 * Whatever happens, also an end of this JVM by a signal, it ends what it started, and nothing else.
 */
final class Stage implements AutoCloseable {

    static final String OPERATOR_NAMESPACE = "modelrollout-system";

    private static final int REQUESTS_PER_SECOND = 50;
    private static final Duration CEILING = Duration.ofSeconds(60);

    private final Path folder;
    private final Thread atEnd = new Thread(this::end);
    /** Guarded by itself; the last one is closed first. */
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private final List<Model> models = new ArrayList<>();
    private final Cluster cluster;
    private final Prometheus prometheus;
    private final RouteRecorder recorder;
    private final LoadGenerator load;
    private final Path kubeconfig;

    private OperatorProcess operator;

    /**
     * @param folder for logs
     * @param scratch for what nobody reads
     * @param names of the models
     */
    Stage(Path folder, Path scratch, List<String> names) throws IOException {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(atEnd);
        try {
            cluster = closing(Cluster.start(folder));
            for (var name : names) {
                models.add(closing(Model.start(name, models.size() + 1)));
            }
            prometheus = closing(Prometheus.start(scratch, scraping()));
            install();
            recorder = closing(RouteRecorder.start(cluster.client()));
            load = closing(LoadGenerator.start(cluster.gateway(), models, REQUESTS_PER_SECOND));
            kubeconfig = cluster.kubeconfigOf(OPERATOR_NAMESPACE, "modelrollout");
            operator = startOperator();
        } catch (IOException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    Model model(String name) {
        return models.stream()
                .filter(model -> model.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    RouteRecorder recorder() {
        return recorder;
    }

    List<Exchange> exchanges() {
        return load.exchanges();
    }

    /** Creates the model's ModelRollout. */
    void rollOut(Model model) {
        apply(model.rollout());
    }

    /** How many failures the operator has recorded for this model. */
    int failuresRecorded(Model model) {
        var rollout = cluster.client()
                .genericKubernetesResources("modelrollout.dev/v1alpha1", "ModelRollout")
                .inNamespace(Model.NAMESPACE)
                .withName(model.name())
                .require();
        List<?> failed = rollout.get("status", "failedRevisions");
        return failed == null ? 0 : failed.size();
    }

    /** SIGKILL, at once. */
    void killOperator() {
        operator.close();
    }

    /** Starts it again, as the kubelet would, and waits until it is ready. */
    void restartOperator() throws IOException {
        operator = startOperator();
    }

    /** Ends the load, and gives all answers, also those that were still due. */
    List<Exchange> endLoad() {
        load.close();
        return load.exchanges();
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException e) {
            // The JVM ends already, and the hook finds nothing left to do.
        }
    }

    private void end() {
        synchronized (running) {
            while (!running.isEmpty()) {
                try {
                    running.pop().close();
                } catch (Exception | AssertionError e) {
                    System.err.println("not closed: " + e);
                }
            }
        }
    }

    private <T extends AutoCloseable> T closing(T started) {
        synchronized (running) {
            running.push(started);
        }
        return started;
    }

    private OperatorProcess startOperator() throws IOException {
        var started = closing(OperatorProcess.start(kubeconfig, prometheus.url(), folder.resolve("operator.log")));
        started.awaitReady();
        return started;
    }

    /** The operator's CRD and rights, and the models; it waits until all of them serve. */
    private void install() {
        cluster.kubectl("apply", "--server-side", "-k", "deploy");
        cluster.kubectl("create", "namespace", Model.NAMESPACE);
        models.forEach(model -> apply(model.manifest()));
        cluster.kubectl(
                "wait", "--for=condition=Available", "deployments", "--all", "-n", Model.NAMESPACE, "--timeout=60s");
        for (var model : models) {
            await("the gateway serves " + model.name())
                    .atMost(CEILING)
                    .until(() -> !LoadGenerator.probe(cluster.gateway(), model).failed());
        }
        await("Prometheus scrapes all servers")
                .atMost(CEILING)
                .until(() -> prometheus.query("up == 1").size() == 2 * models.size());
    }

    private void apply(String manifest) {
        cluster.client()
                .load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    private String scraping() {
        return """
                global: {scrape_interval: 1s, scrape_timeout: 1s}
                scrape_configs:
                - job_name: models
                  static_configs:
                """ + models.stream().map(Model::targets).collect(Collectors.joining());
    }
}
