package dev.modelrollout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A watch of all HTTPRoutes that forgets nothing. */
final class RouteRecorder implements Watcher<GenericKubernetesResource>, AutoCloseable {

    /** Guarded by {@code this}: all looks of a route, without those that only its status made differ. */
    private final Map<String, List<Sighting>> seen = new HashMap<>();

    private @Nullable WatcherException lost;
    private @Nullable Watch watch;

    private RouteRecorder() {}

    static RouteRecorder start(KubernetesClient client) {
        var recorder = new RouteRecorder();
        recorder.watch = client.genericKubernetesResources("gateway.networking.k8s.io/v1", "HTTPRoute")
                .inNamespace(Model.NAMESPACE)
                .watch(recorder);
        return recorder;
    }

    /** All that it saw of this model's route until now. */
    synchronized RouteHistory history(Model model) {
        if (lost != null) {
            throw new AssertionError("the watch ended: what happened since is unknown", lost);
        }
        return new RouteHistory(
                List.copyOf(seen.getOrDefault(model.name(), List.of())),
                model.stable().deployment(),
                model.candidate().deployment());
    }

    /** Waits until the candidate has this weight now. */
    void awaitWeight(Model model, int percent, Duration ceiling) {
        await().atMost(ceiling)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(history(model).weights())
                        .as("weights of %s", model.candidate().deployment())
                        .endsWith(percent));
    }

    @Override
    public synchronized void eventReceived(Action action, GenericKubernetesResource route) {
        var sighting = Sighting.of(route, Instant.now());
        var looks = seen.computeIfAbsent(route.getMetadata().getName(), name -> new ArrayList<>());
        if (looks.isEmpty() || !looks.get(looks.size() - 1).looksLike(sighting)) {
            looks.add(sighting);
        }
    }

    @Override
    public synchronized void onClose(WatcherException cause) {
        lost = cause;
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
    }
}
