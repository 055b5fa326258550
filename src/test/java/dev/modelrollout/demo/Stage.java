package dev.modelrollout.demo;

import static org.awaitility.Awaitility.await;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.testing.OperatorProcess;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * All that a cluster would be, around the operator.
 *
 * <pre>
 *   Load ---> WeightedProxy ---> ToyModel (pods, by Kubelet)
 *                  ^                  | counters
 *               Gateway       SimulatedPrometheus <--- asks --- OperatorProcess
 *                  ^                                              |
 *                  +---- HTTPRoute ---- EmbeddedApi <--- patches -+
 * </pre>
 */
final class Stage implements AutoCloseable {

    private static final Duration CEILING = Duration.ofSeconds(60);
    private static final Path FOLDER = Path.of("target");
    private static final Path LOG = FOLDER.resolve("demo-operator.log");

    private final ScheduledExecutorService clockwork = Executors.newScheduledThreadPool(2, Servers::daemon);
    private final EmbeddedApi api = EmbeddedApi.start();
    private final WeightedProxy proxy = WeightedProxy.start();
    private final Load load = Load.on(proxy.url(), clockwork);
    private final Timeline timeline;
    private final Kubelet kubelet;
    private final Gateway gateway;
    private final SimulatedPrometheus prometheus;
    private final OperatorProcess operator;

    /** Ready to play: the operator runs, and v1 is live. */
    Stage(PrintStream out, Pace pace) throws IOException {
        timeline = new Timeline(out, load::counters);
        kubelet = Kubelet.start(client());
        prometheus = SimulatedPrometheus.start(kubelet::counters, clockwork);
        Manifests.VERSIONS.forEach(this::deploy);
        await().atMost(CEILING)
                .until(() -> Manifests.VERSIONS.stream()
                        .noneMatch(version -> kubelet.pods(version).isEmpty()));
        gateway = Gateway.start(client(), proxy, timeline::sawRoute);
        client().resource(Manifests.route()).create();
        client().resource(Manifests.rollout(pace)).create();
        var unused = client().resources(ModelRollout.class)
                .inNamespace(Manifests.NAMESPACE)
                .inform(timeline);
        Files.deleteIfExists(LOG);
        operator = OperatorProcess.start(
                api.kubeconfig(FOLDER.resolve("demo-kubeconfig")), prometheus.url(), Map.of(), LOG);
        until("v1 is live", () -> timeline.isLive("v1"));
        load.goOn();
    }

    Timeline timeline() {
        return timeline;
    }

    Load load() {
        return load;
    }

    SimulatedPrometheus prometheus() {
        return prometheus;
    }

    Kubelet kubelet() {
        return kubelet;
    }

    /** Where to look while it goes on. */
    String whereabouts() {
        return "KUBECONFIG=%s%nmodels      %s%nPrometheus  %s (a simulation)%noperator    %s"
                .formatted(FOLDER.resolve("demo-kubeconfig"), proxy.url(), prometheus.url(), operator.metricsUrl());
    }

    /** What a person does: names the version that should serve. Answers when that was. */
    Instant target(String version) {
        var now = Instant.now();
        client().resources(ModelRollout.class)
                .inNamespace(Manifests.NAMESPACE)
                .withName(Manifests.ROLLOUT)
                .patch(PatchContext.of(PatchType.JSON), """
                        [{"op": "replace", "path": "/spec/target", "value": "%s"}]""".formatted(version));
        return now;
    }

    /** Goes on when it holds; fails when it does not within a minute, or the operator has ended. */
    void until(String what, Callable<Boolean> condition) {
        await(what)
                .atMost(CEILING)
                .pollInterval(Duration.ofMillis(10))
                .failFast(
                        "the operator has ended: see " + LOG,
                        () -> !operator.handle().isAlive())
                .until(condition);
    }

    void after(Duration delay, Runnable act) {
        var unused = clockwork.schedule(act, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        operator.close();
        clockwork.shutdownNow();
        gateway.close();
        prometheus.close();
        proxy.close();
        kubelet.close();
        api.close();
    }

    private void deploy(String version) {
        client().resource(Manifests.deployment(version)).create();
        client().resource(Manifests.service(version)).create();
    }

    private KubernetesClient client() {
        return api.client();
    }
}
