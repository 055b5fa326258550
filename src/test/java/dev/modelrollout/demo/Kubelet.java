package dev.modelrollout.demo;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Runs the pods of each Deployment, and says so in its status and in EndpointSlices. */
final class Kubelet implements ResourceEventHandler<Deployment>, AutoCloseable {

    private final KubernetesClient client;
    private final ExecutorService work = Executors.newSingleThreadExecutor(Servers::daemon);
    private final Map<String, List<ToyModel>> pods = new ConcurrentHashMap<>();

    private Kubelet(KubernetesClient client) {
        this.client = client;
    }

    static Kubelet start(KubernetesClient client) {
        var kubelet = new Kubelet(client);
        var unused =
                client.apps().deployments().inNamespace(Manifests.NAMESPACE).inform(kubelet);
        return kubelet;
    }

    /** The pods of a version; empty before they run. */
    List<ToyModel> pods(String version) {
        return pods.getOrDefault(Manifests.deploymentOf(version), List.of());
    }

    /** The sums of each Deployment. */
    Map<String, Counters> counters() {
        return pods.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> sum(entry.getValue())));
    }

    static Counters sum(List<ToyModel> models) {
        return models.stream().map(ToyModel::counters).reduce(Counters.ZERO, Counters::plus);
    }

    @Override
    public void onAdd(Deployment deployment) {
        work.execute(() -> run(deployment));
    }

    @Override
    public void onUpdate(Deployment before, Deployment now) {}

    @Override
    public void onDelete(Deployment deployment, boolean unseen) {}

    @Override
    public void close() {
        pods.values().forEach(models -> models.forEach(ToyModel::close));
        work.shutdownNow();
    }

    private void run(Deployment deployment) {
        var name = deployment.getMetadata().getName();
        var version = Manifests.versionOf(name);
        var replicas = deployment.getSpec().getReplicas();
        var models = IntStream.range(0, replicas)
                .mapToObj(index -> ToyModel.start(version))
                .toList();
        pods.put(name, models);
        models.forEach(model ->
                client.resource(Manifests.endpoints(version, model.port())).create());
        client.apps()
                .deployments()
                .inNamespace(Manifests.NAMESPACE)
                .withName(name)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON), """
                        [{"op": "add", "path": "/status", "value": {"observedGeneration": 1, "replicas": %1$d,
                          "updatedReplicas": %1$d, "readyReplicas": %1$d, "availableReplicas": %1$d}}]
                        """.formatted(replicas));
    }
}
