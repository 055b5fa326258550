package dev.modelrollout.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A model behind a route of its own: version v1, which serves, and v2, which might. */
final class Model implements AutoCloseable {

    static final String NAMESPACE = "serving";

    /** How often its rollout looks. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    /** The share of requests that failed, and how much of it is too much. */
    private static final String ERRORS = """
            (sum(rate(http_requests_total{namespace="$namespace",deployment="$deployment",status="5xx"}[5s])) \
            or 0 * sum(rate(http_requests_total{namespace="$namespace",deployment="$deployment"}[5s]))) \
            / sum(rate(http_requests_total{namespace="$namespace",deployment="$deployment"}[5s]))""";

    private static final String MOST_ERRORS = "0.02";

    private final String name;
    private final ModelServer stable;
    private final ModelServer candidate;

    private Model(String name, ModelServer stable, ModelServer candidate) {
        this.name = name;
        this.stable = stable;
        this.candidate = candidate;
    }

    /**
     * Starts the servers of both versions.
     *
     * @param number 1..255, another one for each model
     */
    static Model start(String name, int number) throws IOException {
        return new Model(
                name,
                ModelServer.start(name + "-v1", "127.77." + number + ".1"),
                ModelServer.start(name + "-v2", "127.77." + number + ".2"));
    }

    /** Of the model, its route and its ModelRollout. */
    String name() {
        return name;
    }

    /** What leads to it at the gateway. */
    String path() {
        return "/" + name;
    }

    ModelServer stable() {
        return stable;
    }

    ModelServer candidate() {
        return candidate;
    }

    private Stream<ModelServer> servers() {
        return Stream.of(stable, candidate);
    }

    /** Deployments, Services and an HTTPRoute that gives all traffic to v1: YAML. */
    String manifest() {
        return servers().map(Model::workload).collect(Collectors.joining())
                + """
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  parentRefs:
                  - {name: testbed, namespace: default}
                  rules:
                  - matches:
                    - path: {type: PathPrefix, value: %3$s}
                    backendRefs:
                    - {name: %4$s, port: %5$d, weight: 100}
                    - {name: %6$s, port: %7$d, weight: 0}
                """.formatted(
                                name,
                                NAMESPACE,
                                path(),
                                stable.deployment(),
                                stable.port(),
                                candidate.deployment(),
                                candidate.port());
    }

    private static String workload(ModelServer server) {
        return """
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  replicas: 2
                  selector:
                    matchLabels: {app: %1$s}
                  template:
                    metadata:
                      labels: {app: %1$s}
                    spec:
                      containers:
                      - {name: server, image: "example.org/%1$s"}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  clusterIP: %3$s
                  selector: {app: %1$s}
                  ports:
                  - {name: http, port: %4$d}
                """.formatted(server.deployment(), NAMESPACE, server.address(), server.port());
    }

    /** The ModelRollout from v1 to v2: YAML. */
    String rollout() {
        return """
                apiVersion: modelrollout.dev/v1alpha1
                kind: ModelRollout
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  route: {name: %1$s}
                  versions:
                  - {name: v1, deployment: %3$s}
                  - {name: v2, deployment: %4$s}
                  target: v2
                  steps:
                  - {weight: 5, hold: %5$ds}
                  - {weight: 25, hold: %5$ds}
                  - {weight: 50, hold: %5$ds}
                  analysis:
                    interval: %6$ds
                    warmup: 2s
                    checks:
                    - name: errors
                      query: '%7$s'
                      max: "%8$s"
                      failures: 1
                    - name: first-token
                      query: |
                        sum(rate(vllm:time_to_first_token_seconds_sum{namespace="$namespace",deployment="$deployment"}[5s]))
                        / sum(rate(vllm:time_to_first_token_seconds_count{namespace="$namespace",deployment="$deployment"}[5s]))
                      maxDifference: "0.5"
                """.formatted(
                        name,
                        NAMESPACE,
                        stable.deployment(),
                        candidate.deployment(),
                        RouteHistory.HOLD.toSeconds(),
                        INTERVAL.toSeconds(),
                        ERRORS,
                        MOST_ERRORS);
    }

    /** Has a result while the candidate breaches the check of errors: PromQL. */
    String breach() {
        return ERRORS.replace("$namespace", NAMESPACE).replace("$deployment", candidate.deployment()) + " > "
                + MOST_ERRORS;
    }

    /** How Prometheus finds the servers: YAML, one entry of {@code static_configs} for each. */
    String targets() {
        return servers()
                .map(server -> """
                          - targets: ['%s:%d']
                            labels: {namespace: %s, deployment: %s}
                        """.formatted(server.address(), server.port(), NAMESPACE, server.deployment()))
                .collect(Collectors.joining());
    }

    @Override
    public void close() {
        stable.close();
        candidate.close();
    }
}
