package dev.modelrollout.e2e.faults;

import dev.modelrollout.testing.Surroundings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Who works on one rollout and what is around it: people, pods. */
record Hand(KubernetesClient client, String namespace) {

    private static final Pattern WHOSE = Pattern.compile("namespace=\"(.+?)\"");
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final PatchContext JSON = PatchContext.of(PatchType.JSON);

    /** The namespace that a query of a rollout is about. */
    static String whose(String query) {
        var whose = WHOSE.matcher(query);
        if (!whose.find()) {
            throw new AssertionError(query);
        }
        return whose.group(1);
    }

    /** @param manifest of the ModelRollout, YAML */
    void release(String manifest) {
        Surroundings.create(client, namespace, Story.NAME);
        client.load(new ByteArrayInputStream(manifest.getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    void target(String version) {
        rollout().patch(MERGE, "{\"spec\": {\"target\": \"%s\"}}".formatted(version));
    }

    void ceiling(int percent) {
        rollout().patch(MERGE, "{\"spec\": {\"maxWeight\": %d}}".formatted(percent));
    }

    void delete() {
        rollout().delete();
    }

    /** Another tool adds its condition. */
    void condition() {
        rollout().subresource("status").patch(JSON, """
                [{"op": "add", "path": "/status/conditions/-", "value": {"type": "Foreign", "status": "True",
                  "reason": "Seen", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}}]""");
    }

    /** How many of stable's two pods are ready, 1 or 2. */
    void readyOfStable(int number) {
        ready("v1", number);
    }

    /** Whether the candidate's pods are ready. */
    void pods(boolean ready) {
        ready("v2", ready ? 2 : 0);
        client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace(namespace)
                .withName(Story.NAME + "-v2")
                .patch(JSON, """
                        [{"op": "replace", "path": "/endpoints/0/conditions/ready", "value": %b}]""".formatted(ready));
    }

    private void ready(String version, int number) {
        client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(Story.NAME + "-" + version)
                .subresource("status")
                .patch(MERGE, "{\"status\": {\"readyReplicas\": %d}}".formatted(number));
    }

    private Resource<GenericKubernetesResource> rollout() {
        return client.genericKubernetesResources("modelrollout.dev/v1alpha1", "ModelRollout")
                .inNamespace(namespace)
                .withName(Story.NAME);
    }
}
