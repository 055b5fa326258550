package dev.modelrollout.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Watches all routes and rollouts past the proxies, from a resourceVersion on, so that it misses nothing. */
final class Recorder implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<AutoCloseable> watches = new ArrayList<>();
    private final Map<String, List<Look>> looks = new HashMap<>();
    private final Consumer<Look> audience;
    private @Nullable WatcherException lost;

    /** @param audience is told everything at once; must be quick */
    Recorder(KubernetesClient client, Consumer<Look> audience) {
        this.audience = audience;
        watch(client, "gateway.networking.k8s.io/v1", "HTTPRoute");
        watch(client, "modelrollout.dev/v1alpha1", "ModelRollout");
    }

    /** What has been in this namespace until now, in the order in which it was stored. */
    synchronized List<Look> of(String namespace) {
        if (lost != null) {
            throw new AssertionError("what happened since the watch ended is unknown", lost);
        }
        return looks.getOrDefault(namespace, List.of()).stream()
                .sorted(Comparator.comparingLong(Look::version))
                .toList();
    }

    @Override
    public void close() throws Exception {
        for (var watch : watches) {
            watch.close();
        }
    }

    private synchronized void saw(Look look) {
        looks.computeIfAbsent(look.namespace(), namespace -> new ArrayList<>()).add(look);
        audience.accept(look);
    }

    private synchronized void lost(WatcherException cause) {
        lost = cause;
    }

    private void watch(KubernetesClient client, String version, String kind) {
        var all = client.genericKubernetesResources(version, kind).inAnyNamespace();
        var from = all.list().getMetadata().getResourceVersion();
        watches.add(all.watch(
                new ListOptionsBuilder().withResourceVersion(from).build(), new Watcher<GenericKubernetesResource>() {

                    @Override
                    public void eventReceived(Action action, GenericKubernetesResource object) {
                        JsonNode json = JSON.valueToTree(object);
                        var stored = json.at("/metadata/resourceVersion").asLong();
                        saw(new Look(stored, Instant.now(), action.name(), json));
                    }

                    @Override
                    public void onClose(WatcherException cause) {
                        lost(cause);
                    }
                }));
    }
}
