package dev.modelrollout.bench;

import static org.awaitility.Awaitility.await;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Many rollouts in one namespace, each with a route, two ready Deployments and their endpoints. */
final class Fleet {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final int HANDS = 8;

    private final ApiServer server;
    private final String namespace;
    private final int size;

    Fleet(ApiServer server, int size) {
        this.server = server;
        this.size = size;
        server.install(Crds.all());
        namespace = server.newNamespace();
        inParallel(i -> {
            create(route(i));
            create(rollout(i, "v1"));
            for (var version : List.of("v1", "v2")) {
                create(deployment(i, version));
                create(endpoints(i, version));
            }
        });
    }

    String namespace() {
        return namespace;
    }

    /** Names v2 the target of rollouts {@code from} (included) to {@code to} (not). */
    void release(int from, int to) {
        inParallel(
                from,
                to,
                i -> server.client()
                        .resource(YAML.unmarshal(rollout(i, "v2"), ModelRollout.class))
                        .inNamespace(namespace)
                        .patch());
    }

    /** Waits until every rollout is Live; returns the sum of nothing but time. */
    void awaitLive(Duration ceiling) {
        await().atMost(ceiling)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> rollouts().stream()
                        .allMatch(rollout -> rollout.getStatus() != null
                                && "Live".equals(rollout.getStatus().phase())));
    }

    List<ModelRollout> rollouts() {
        return server.client()
                .resources(ModelRollout.class)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    private void inParallel(java.util.function.IntConsumer work) {
        inParallel(0, size, work);
    }

    private static void inParallel(int from, int to, java.util.function.IntConsumer work) {
        var hands = Executors.newFixedThreadPool(HANDS);
        try {
            var tasks = new ArrayList<Callable<Void>>();
            IntStream.range(from, to)
                    .forEach(i -> tasks.add(() -> {
                        work.accept(i);
                        return null;
                    }));
            for (var done : hands.invokeAll(tasks)) {
                done.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            hands.shutdown();
        }
    }

    private void create(String yaml) {
        HasMetadata wanted = YAML.unmarshal(yaml);
        var created = server.client().resource(wanted).inNamespace(namespace).create();
        HasMetadata withStatus = YAML.unmarshal(yaml);
        if (yaml.contains("\nstatus:")) {
            withStatus.setMetadata(created.getMetadata());
            server.client().resource(withStatus).updateStatus();
        }
    }

    private static String route(int i) {
        return """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: chat-%1$d}
                spec:
                  parentRefs: [{name: gateway}]
                  rules:
                  - backendRefs:
                    - {name: chat-%1$d-v1, port: 80, weight: 1}
                    - {name: chat-%1$d-v2, port: 80, weight: 0}
                status:
                  parents:
                  - parentRef: {name: gateway}
                    controllerName: bench.dev/gateway
                    conditions:
                    - {type: Accepted, status: "True", reason: Accepted, message: "", observedGeneration: 1, lastTransitionTime: "2026-01-01T00:00:00Z"}
                    - {type: ResolvedRefs, status: "True", reason: ResolvedRefs, message: "", observedGeneration: 1, lastTransitionTime: "2026-01-01T00:00:00Z"}
                """.formatted(i);
    }

    private static String rollout(int i, String target) {
        return """
                apiVersion: modelrollout.dev/v1alpha1
                kind: ModelRollout
                metadata: {name: chat-%1$d}
                spec:
                  route: {name: chat-%1$d}
                  versions: [{name: v1, deployment: chat-%1$d-v1}, {name: v2, deployment: chat-%1$d-v2}]
                  target: %2$s
                  steps: [{weight: 25, hold: 1h}]
                  analysis:
                    interval: 1s
                    warmup: 0s
                    checks: [{name: errors, query: 'errors{deployment="$deployment"}', max: 5%%, failures: 1}]
                """.formatted(i, target);
    }

    private static String deployment(int i, String version) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: chat-%1$d-%2$s}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: chat-%1$d-%2$s}}
                  template:
                    metadata: {labels: {app: chat-%1$d-%2$s}}
                    spec:
                      containers:
                      - name: model
                        image: vllm/vllm-openai:%2$s
                        args: [--model, /models/chat, --max-model-len, "32768", --gpu-memory-utilization, "0.92"]
                        env: [{name: A, value: a}, {name: B, value: b}]
                        ports: [{containerPort: 8000}]
                        resources: {limits: {cpu: "8", memory: 64Gi}}
                status: {observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2}
                """.formatted(i, version);
    }

    private static String endpoints(int i, String version) {
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: chat-%1$d-%2$s, labels: {kubernetes.io/service-name: chat-%1$d-%2$s}}
                addressType: IPv4
                endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
                """.formatted(i, version);
    }
}
