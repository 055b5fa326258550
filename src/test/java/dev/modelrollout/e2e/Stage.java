package dev.modelrollout.e2e;

import static org.awaitility.Awaitility.await;

import dev.modelrollout.chart.Chart;
import dev.modelrollout.testing.Cluster;
import dev.modelrollout.testing.OperatorProcess;
import dev.modelrollout.testing.Prometheus;
import dev.modelrollout.testing.Started;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * All that runs:
 *
 * <pre>
 *   load generator --> gateway --> servers of the models <-- Prometheus
 *                         ^                                      ^
 *   recorder --> API server <----------------------------- operator
 * </pre>
 */
final class Stage implements AutoCloseable {

    private static final String OPERATOR_NAMESPACE = "modelrollout-system";
    private static final int REQUESTS_PER_SECOND_AND_MODEL = 50;
    private static final Duration CEILING = Duration.ofSeconds(90);

    private final Started running = new Started();

    private final List<Model> models = new ArrayList<>();
    private final Path operatorLog;
    private final Cluster cluster;
    private final Prometheus prometheus;
    private final RouteRecorder recorder;
    private final LoadGenerator load;
    private OperatorProcess operator;

    /**
     * Starts everything, and waits until all of it is ready.
     *
     * @param logs folder for the logs of the cluster and of the operator
     * @param scratch for what nobody reads
     * @param names of the models
     */
    Stage(Path logs, Path scratch, List<String> names) throws Exception {
        operatorLog = logs.resolve("operator.log");
        try {
            cluster = running.closing(Cluster.start(logs.resolve("cluster")));
            for (var name : names) {
                models.add(running.closing(Model.start(name, models.size() + 1)));
            }
            prometheus = running.closing(Prometheus.start(scratch, scraping()));
            install();
            recorder = running.closing(RouteRecorder.start(cluster.client()));
            load = running.closing(LoadGenerator.start(cluster.gateway(), models, REQUESTS_PER_SECOND_AND_MODEL));
            Files.deleteIfExists(operatorLog);
            operator = startOperator();
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    List<Model> models() {
        return models;
    }

    /** Creates the model's ModelRollout. */
    void rollOut(Model model) {
        apply(model.rollout());
    }

    /** Waits until the candidate has this weight now. */
    void awaitWeight(Model model, int percent) {
        recorder.awaitWeight(model, percent, CEILING);
    }

    /** Waits until as many more requests are answered as are sent in this time. */
    void awaitTraffic(Duration time) {
        load.awaitAnswers((int) time.toSeconds() * REQUESTS_PER_SECOND_AND_MODEL * models.size());
    }

    /** When Prometheus could first tell that the candidate breaches its check. */
    Instant breachVisible(Model model, Instant since) {
        return prometheus
                .firstResult(model.breach(), since, Instant.now())
                .orElseThrow(() -> new AssertionError("Prometheus knows of no breach by " + model.name()));
    }

    /** SIGKILL, at once. */
    void killOperator() {
        operator.close();
    }

    /** Starts it again, and waits until it is ready. */
    void restartOperator() throws IOException {
        operator = startOperator();
    }

    /** Ends the load; what was seen of each model until then, in the order of the models. */
    List<Recording> endLoad() {
        load.close();
        var end = Instant.now();
        return models.stream()
                .map(model -> new Recording(model, recorder.history(model), load.exchanges(model), end))
                .toList();
    }

    @Override
    public void close() throws Exception {
        running.close();
    }

    /** The chart and the models; it waits until Prometheus scrapes and the gateway serves all of them. */
    private void install() {
        for (var namespace : List.of(OPERATOR_NAMESPACE, Model.NAMESPACE)) {
            cluster.client()
                    .resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .create();
        }
        cluster.client().resourceList(Chart.render("").objects()).create();
        models.forEach(model -> apply(model.manifest()));
        for (var model : models) {
            await("the gateway serves " + model.name())
                    .atMost(CEILING)
                    .until(() -> !LoadGenerator.probe(cluster.gateway(), model).failed());
        }
        await("Prometheus scrapes all servers")
                .atMost(CEILING)
                .until(() -> prometheus.query("up == 1").size() == 2 * models.size());
    }

    /** Always under the name of one pod: the one that is started again takes the Lease over. */
    private OperatorProcess startOperator() throws IOException {
        return running.closing(OperatorProcess.start(
                        cluster.kubeconfigOf(OPERATOR_NAMESPACE, "modelrollout"),
                        prometheus.url(),
                        Map.of(
                                "POD_NAME", "modelrollout-0",
                                "MODELROLLOUT_LEADER_ELECTION_ENABLED", "true",
                                "MODELROLLOUT_LEADER_ELECTION_NAMESPACE", OPERATOR_NAMESPACE),
                        operatorLog))
                .awaitReady();
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
