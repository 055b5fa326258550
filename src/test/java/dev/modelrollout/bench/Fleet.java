package dev.modelrollout.bench;

import static org.awaitility.Awaitility.await;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.Hands;
import dev.modelrollout.testing.Surroundings;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.List;

/** Many rollouts in one namespace, each with a route, two ready Deployments and their endpoints. */
final class Fleet {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    private final ApiServer server;
    private final String namespace;

    Fleet(ApiServer server, int size) {
        this.server = server;
        server.install(Crds.all());
        namespace = server.newNamespace();
        Hands.each(0, size, i -> {
            Surroundings.create(server.client(), namespace, "chat-" + i);
            rollout(i, "v1").create();
        });
    }

    String namespace() {
        return namespace;
    }

    /** Names v2 the target of rollouts {@code from} (included) to {@code to} (not). */
    void release(int from, int to) {
        Hands.each(from, to, i -> rollout(i, "v2").patch());
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

    private Resource<ModelRollout> rollout(int i, String target) {
        var yaml = """
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
        return server.client()
                .resource(YAML.unmarshal(yaml, ModelRollout.class))
                .inNamespace(namespace);
    }
}
