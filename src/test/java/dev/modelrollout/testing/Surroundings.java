package dev.modelrollout.testing;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;

/**
 * What a ModelRollout needs around it where no controller runs: an HTTPRoute that gives all weight to version v1, and
 * the Deployments {@code NAME-v1} and {@code NAME-v2} with two ready pods and a ready endpoint each.
 */
public final class Surroundings {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private Surroundings() {}

    /** Creates them, with their status. */
    public static void create(KubernetesClient client, String namespace, String name) {
        add(client, namespace, route(name));
        for (var version : List.of("v1", "v2")) {
            add(client, namespace, deployment(name, version));
            add(client, namespace, endpoints(name, version));
        }
    }

    /** The gateway says that it serves this route as it stands. */
    public static void serve(KubernetesClient client, GenericKubernetesResource route) {
        var condition = """
                {"type": "%s", "status": "True", "reason": "%1$s", "message": "", "observedGeneration": %d,
                 "lastTransitionTime": "2026-01-01T00:00:00Z"}""";
        var generation = route.getMetadata().getGeneration();
        client.genericKubernetesResources(route.getApiVersion(), route.getKind())
                .inNamespace(route.getMetadata().getNamespace())
                .withName(route.getMetadata().getName())
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON), """
                        [{"op": "add", "path": "/status", "value": {"parents": [{
                          "parentRef": {"name": "gateway"}, "controllerName": "test.dev/gateway",
                          "conditions": [%s, %s]}]}}]
                        """.formatted(
                        condition.formatted("Accepted", generation), condition.formatted("ResolvedRefs", generation)));
    }

    private static void add(KubernetesClient client, String namespace, String yaml) {
        HasMetadata wanted = YAML.unmarshal(yaml);
        var created = client.resource(wanted).inNamespace(namespace).create();
        HasMetadata withStatus = YAML.unmarshal(yaml);
        if (yaml.contains("\nstatus:")) {
            withStatus.setMetadata(created.getMetadata());
            client.resource(withStatus).updateStatus();
        }
    }

    private static String route(String name) {
        return """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: %1$s}
                spec:
                  parentRefs: [{name: gateway}]
                  rules:
                  - backendRefs:
                    - {name: %1$s-v1, port: 80, weight: 1}
                    - {name: %1$s-v2, port: 80, weight: 0}
                status:
                  parents:
                  - parentRef: {name: gateway}
                    controllerName: bench.dev/gateway
                    conditions:
                    - {type: Accepted, status: "True", reason: Accepted, message: "", observedGeneration: 1, lastTransitionTime: "2026-01-01T00:00:00Z"}
                    - {type: ResolvedRefs, status: "True", reason: ResolvedRefs, message: "", observedGeneration: 1, lastTransitionTime: "2026-01-01T00:00:00Z"}
                """.formatted(name);
    }

    private static String deployment(String name, String version) {
        return """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s-%2$s}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: %1$s-%2$s}}
                  template:
                    metadata:
                      labels: {app: %1$s-%2$s}
                    spec:
                      containers:
                      - name: model
                        image: vllm/vllm-openai:%2$s
                        args: [--model, /models/chat, --max-model-len, "32768", --gpu-memory-utilization, "0.92"]
                        env: [{name: A, value: a}, {name: B, value: b}]
                        ports: [{containerPort: 8000}]
                        resources: {limits: {cpu: "8", memory: 64Gi}}
                status: {observedGeneration: 1, replicas: 2, updatedReplicas: 2, readyReplicas: 2}
                """.formatted(name, version);
    }

    private static String endpoints(String name, String version) {
        return """
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %1$s-%2$s, labels: {kubernetes.io/service-name: %1$s-%2$s}}
                addressType: IPv4
                endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
                """.formatted(name, version);
    }
}
