package dev.modelrollout.demo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.stream.Collectors;

/** The objects on the stage, as a user would write them; defaults that an API server fills in are filled in. */
final class Manifests {

    static final String NAMESPACE = "serving";
    static final String ROLLOUT = "chat";
    static final List<String> VERSIONS = List.of("v1", "v2", "v3", "v4");
    /** The share of failed requests that is borne, 0..1. */
    static final double MAX_FAILED = 0.02;
    /** Readings in a row beyond it that decide. */
    static final int FAILURES = 2;

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private Manifests() {}

    static String deploymentOf(String version) {
        return ROLLOUT + "-" + version;
    }

    static String versionOf(String deployment) {
        return deployment.substring(ROLLOUT.length() + 1);
    }

    static GenericKubernetesResource deployment(String version) {
        return object("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: chat-%1$s, namespace: serving, generation: 1}
                spec:
                  replicas: 2
                  selector:
                    matchLabels: {app: chat, version: %1$s}
                  template:
                    metadata:
                      labels: {app: chat, version: %1$s}
                    spec:
                      containers:
                        - name: server
                          image: example.org/chat:%1$s
                """.formatted(version));
    }

    static GenericKubernetesResource service(String version) {
        return object("""
                apiVersion: v1
                kind: Service
                metadata: {name: chat-%1$s, namespace: serving}
                spec:
                  selector: {app: chat, version: %1$s}
                  ports:
                    - {name: http, port: 8000, targetPort: http}
                """.formatted(version));
    }

    /** One pod of a Service. */
    static GenericKubernetesResource endpoints(String version, int port) {
        return object("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: chat-%1$s-%2$d
                  namespace: serving
                  labels: {kubernetes.io/service-name: chat-%1$s}
                addressType: IPv4
                endpoints:
                  - addresses: [127.0.0.1]
                    conditions: {ready: true, serving: true, terminating: false}
                ports:
                  - {name: http, port: %2$d, protocol: TCP}
                """.formatted(version, port));
    }

    /** All to v1. */
    static GenericKubernetesResource route() {
        return object("""
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: chat, namespace: serving}
                spec:
                  parentRefs:
                    - {group: gateway.networking.k8s.io, kind: Gateway, name: models}
                  rules:
                    - matches:
                        - path: {type: PathPrefix, value: /v1}
                      backendRefs:
                """
                + VERSIONS.stream()
                        .map(version -> "        - {group: '', kind: Service, name: %s, port: 8000, weight: %d}"
                                .formatted(deploymentOf(version), version.equals("v1") ? 100 : 0))
                        .collect(Collectors.joining("\n")));
    }

    /** v1 is the target: nothing to do yet. */
    static GenericKubernetesResource rollout(Pace pace) {
        return object("""
                apiVersion: modelrollout.dev/v1alpha1
                kind: ModelRollout
                metadata: {name: chat, namespace: serving}
                spec:
                  route: {name: chat}
                  versions:
                    - {name: v1, deployment: chat-v1}
                    - {name: v2, deployment: chat-v2}
                    - {name: v3, deployment: chat-v3}
                    - {name: v4, deployment: chat-v4}
                  target: v1
                  steps:
                    - {weight: 1, hold: %1$ds}
                    - {weight: 10, hold: %1$ds}
                    - {weight: 50, hold: %1$ds}
                  analysis:
                    interval: 1s
                    warmup: 0s
                    checks:
                      - name: errors
                        query: '%2$s'
                        max: "%3$s"
                        failures: %4$d
                """.formatted(pace.hold().toSeconds(), SimulatedPrometheus.QUERY, MAX_FAILED, FAILURES));
    }

    /** Names and scope of the Gateway API's HTTPRoute, without its schema. */
    static CustomResourceDefinition routeCrd() {
        return YAML.unmarshal("""
                apiVersion: apiextensions.k8s.io/v1
                kind: CustomResourceDefinition
                metadata: {name: httproutes.gateway.networking.k8s.io}
                spec:
                  group: gateway.networking.k8s.io
                  scope: Namespaced
                  names: {kind: HTTPRoute, listKind: HTTPRouteList, plural: httproutes, singular: httproute}
                  versions:
                    - name: v1
                      served: true
                      storage: true
                      subresources:
                        status: {}
                      schema:
                        openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
                """, CustomResourceDefinition.class);
    }

    static String kubeconfig(String server) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                  - {name: demo, cluster: {server: '%s'}}
                users:
                  - {name: demo, user: {}}
                contexts:
                  - {name: demo, context: {cluster: demo, user: demo, namespace: serving}}
                current-context: demo
                """.formatted(server);
    }

    /** What an API server answers to a patch whose {@code test} fails. */
    static String refusal(int code) {
        return """
                {"apiVersion": "v1", "kind": "Status", "status": "Failure", "reason": "Invalid", "code": %d}
                """.formatted(code);
    }

    private static GenericKubernetesResource object(String yaml) {
        return YAML.unmarshal(yaml, GenericKubernetesResource.class);
    }
}
