package dev.modelrollout.demo;

import dev.modelrollout.demo.WeightedProxy.Backend;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** The control plane of the proxy: programs it as the HTTPRoute says, then says so in {@code status.parents}. */
final class Gateway implements ResourceEventHandler<GenericKubernetesResource>, AutoCloseable {

    static final ResourceDefinitionContext ROUTES = new ResourceDefinitionContext.Builder()
            .withGroup("gateway.networking.k8s.io")
            .withVersion("v1")
            .withKind("HTTPRoute")
            .withPlural("httproutes")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;
    private final WeightedProxy proxy;
    private final Consumer<Map<String, Integer>> seen;
    private final ExecutorService work = Executors.newSingleThreadExecutor(Servers::daemon);
    private long programmed;

    private Gateway(KubernetesClient client, WeightedProxy proxy, Consumer<Map<String, Integer>> seen) {
        this.client = client;
        this.proxy = proxy;
        this.seen = seen;
    }

    /** {@code seen} takes the weights, by Service, whenever the route has changed. */
    static Gateway start(KubernetesClient client, WeightedProxy proxy, Consumer<Map<String, Integer>> seen) {
        var gateway = new Gateway(client, proxy, seen);
        var unused = client.genericKubernetesResources(ROUTES)
                .inNamespace(Manifests.NAMESPACE)
                .inform(gateway);
        return gateway;
    }

    @Override
    public void onAdd(GenericKubernetesResource route) {
        work.execute(() -> program(route));
    }

    @Override
    public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource now) {
        work.execute(() -> program(now));
    }

    @Override
    public void onDelete(GenericKubernetesResource route, boolean unseen) {}

    @Override
    public void close() {
        work.shutdownNow();
    }

    private void program(GenericKubernetesResource route) {
        var generation = route.getMetadata().getGeneration();
        if (generation <= programmed) {
            return;
        }
        var weights = weights(route);
        seen.accept(weights);
        proxy.follow(backends(weights));
        programmed = generation;
        acknowledge(route.getMetadata().getName(), generation);
    }

    private static Map<String, Integer> weights(GenericKubernetesResource route) {
        List<Map<String, Object>> refs = route.get("spec", "rules", 0, "backendRefs");
        var weights = new LinkedHashMap<String, Integer>();
        refs.forEach(ref -> weights.put((String) ref.get("name"), (Integer) ref.get("weight")));
        return weights;
    }

    private List<Backend> backends(Map<String, Integer> weights) {
        var backends = new ArrayList<Backend>();
        weights.forEach((service, weight) -> backends.add(new Backend(ports(service), weight)));
        return backends;
    }

    private List<Integer> ports(String service) {
        return client
                .discovery()
                .v1()
                .endpointSlices()
                .inNamespace(Manifests.NAMESPACE)
                .withLabel("kubernetes.io/service-name", service)
                .list()
                .getItems()
                .stream()
                .map(Gateway::port)
                .toList();
    }

    private static Integer port(EndpointSlice slice) {
        return slice.getPorts().get(0).getPort();
    }

    private void acknowledge(String route, long generation) {
        var condition = """
                {"type": "%s", "status": "True", "reason": "%1$s", "message": "", "observedGeneration": %d,
                 "lastTransitionTime": "%s"}""";
        var now = Instant.now();
        client.genericKubernetesResources(ROUTES)
                .inNamespace(Manifests.NAMESPACE)
                .withName(route)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON), """
                        [{"op": "add", "path": "/status", "value": {"parents": [{
                          "parentRef": {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "models"},
                          "controllerName": "example.org/demo",
                          "conditions": [%s, %s]}]}}]
                        """.formatted(
                                condition.formatted("Accepted", generation, now),
                                condition.formatted("ResolvedRefs", generation, now)));
    }
}
