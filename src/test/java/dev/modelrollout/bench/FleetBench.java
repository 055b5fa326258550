package dev.modelrollout.bench;

import static org.awaitility.Awaitility.await;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import dev.modelrollout.testing.OperatorProcess;
import dev.modelrollout.traffic.gatewayapi.HttpRouteRouter;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Figures, not promises: it fails only when a figure cannot be measured. */
@NeedsApiServer
@Tag("bench")
class FleetBench {

    private static final int ROLLOUTS = Integer.getInteger("rollouts", 1000);
    private static final int BURST = Math.min(100, ROLLOUTS - 1);
    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final Duration CEILING = Duration.ofMinutes(5);

    private final Map<String, Instant> fallen = new ConcurrentHashMap<>();
    private final Map<String, Integer> weights = new ConcurrentHashMap<>();

    @Test
    void figures(ApiServer server, @TempDir Path folder) throws IOException, InterruptedException {
        var fleet = new Fleet(server, ROLLOUTS);
        var kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        var started = Instant.now();
        try (var prometheus = new ErrorRates();
                var operator = OperatorProcess.start(
                                kubeconfig, prometheus.url(), Map.of(), Path.of("target/operator.log"))
                        .awaitReady();
                var routes = server.client()
                        .genericKubernetesResources(HttpRouteRouter.API)
                        .inNamespace(fleet.namespace())
                        .watch(new Recorder())) {
            fleet.awaitLive(CEILING);
            print("%d rollouts Live after the start of the process: %.1f s", ROLLOUTS, seconds(started));
            idle(fleet, operator, prometheus);
            print("breach in an answer -> weight 0 seen, one rollout: %s", breach(fleet, prometheus, 0, 1));
            print("the same, %d rollouts at once: %s", BURST, breach(fleet, prometheus, 1, 1 + BURST));
        }
    }

    private void idle(Fleet fleet, OperatorProcess operator, ErrorRates prometheus)
            throws IOException, InterruptedException {
        var versions = resourceVersions(fleet);
        var asked = prometheus.asked();
        var cpu = operator.handle().info().totalCpuDuration().orElseThrow();
        Thread.sleep(IDLE.toMillis());
        var used = operator.handle().info().totalCpuDuration().orElseThrow().minus(cpu);
        print(
                "idle for %d s: %.2f s of CPU, %d rollouts written, %d queries",
                IDLE.toSeconds(),
                used.toMillis() / 1000.0,
                resourceVersions(fleet).stream()
                        .filter(version -> !versions.contains(version))
                        .count(),
                prometheus.asked() - asked);
        print("heap after a collection: %.0f MiB", operator.heapMiB());
    }

    /** The time from the first bad answer to the watch event, over these rollouts. */
    private String breach(Fleet fleet, ErrorRates prometheus, int from, int to) {
        prometheus.turnGood();
        fallen.clear();
        fleet.release(from, to);
        await().atMost(CEILING)
                .until(() ->
                        weights.values().stream().filter(weight -> weight == 25).count() == to - from);
        prometheus.turnBad();
        await().atMost(CEILING).until(() -> fallen.size() == to - from);
        var said = prometheus.said();
        var took = new ArrayList<Long>();
        fallen.forEach((route, at) -> took.add(Duration.between(Objects.requireNonNull(said.get(route + "-v2")), at)
                .toMillis()));
        took.sort(null);
        return "median %d ms, longest %d ms".formatted(took.get(took.size() / 2), took.get(took.size() - 1));
    }

    private static List<String> resourceVersions(Fleet fleet) {
        return fleet.rollouts().stream()
                .map(rollout -> rollout.getMetadata().getResourceVersion())
                .toList();
    }

    private static double seconds(Instant since) {
        return Duration.between(since, Instant.now()).toMillis() / 1000.0;
    }

    private static void print(String text, Object... values) {
        System.out.printf(text + "%n", values);
    }

    private final class Recorder implements Watcher<GenericKubernetesResource> {

        @Override
        public void eventReceived(Action action, GenericKubernetesResource route) {
            var name = route.getMetadata().getName();
            int weight = route.get("spec", "rules", 0, "backendRefs", 1, "weight");
            var before = weights.put(name, weight);
            if (weight == 0 && before != null && before > 0) {
                fallen.put(name, Instant.now());
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            throw new AssertionError(cause);
        }
    }
}
