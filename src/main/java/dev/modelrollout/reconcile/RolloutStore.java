package dev.modelrollout.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Optional;

/**
 * Reads and writes the rollouts themselves. Every write names the resourceVersion that it rests on: an older one is a
 * conflict (409), never an overwrite. The answer is put into the cache, so the next round reads its own writes.
 */
final class RolloutStore {

    static final String FINALIZER = "modelrollout.dev/traffic";

    private static final PatchContext JSON_PATCH = PatchContext.of(PatchType.JSON);

    private final KubernetesClient client;
    private final Context<ModelRollout> context;

    RolloutStore(Context<ModelRollout> context) {
        this.client = context.getClient();
        this.context = context;
    }

    /** The rollout from the API server, unless it is gone or another one has its name. */
    Optional<ModelRollout> readFresh(ModelRollout rollout) {
        return Optional.ofNullable(resource(rollout).get())
                .filter(fresh -> fresh.getMetadata()
                        .getUid()
                        .equals(rollout.getMetadata().getUid()));
    }

    ModelRollout patchStatus(ModelRollout rollout, ModelRolloutStatus status) {
        var patch = patchOf(rollout);
        patch.addObject()
                .put("op", "add")
                .put("path", "/status")
                .set("value", client.getKubernetesSerialization().convertValue(status, JsonNode.class));
        return cached(rollout, resource -> resource.subresource("status").patch(JSON_PATCH, patch.toString()));
    }

    ModelRollout withFinalizer(ModelRollout rollout, boolean wanted) {
        if (rollout.hasFinalizer(FINALIZER) == wanted) {
            return rollout;
        }
        var finalizers = new ArrayList<>(rollout.getFinalizers());
        if (wanted) {
            finalizers.add(FINALIZER);
        } else {
            finalizers.remove(FINALIZER);
        }
        var patch = patchOf(rollout);
        var list = patch.addObject()
                .put("op", "add")
                .put("path", "/metadata/finalizers")
                .putArray("value");
        finalizers.forEach(list::add);
        try {
            return cached(rollout, resource -> resource.patch(JSON_PATCH, patch.toString()));
        } catch (KubernetesClientException e) {
            if (!wanted && e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return rollout;
            }
            throw e;
        }
    }

    private static ArrayNode patchOf(ModelRollout rollout) {
        var patch = JsonNodeFactory.instance.arrayNode();
        patch.addObject()
                .put("op", "replace")
                .put("path", "/metadata/resourceVersion")
                .put("value", rollout.getMetadata().getResourceVersion());
        return patch;
    }

    private interface Write {
        ModelRollout to(Resource<ModelRollout> resource);
    }

    private ModelRollout cached(ModelRollout rollout, Write write) {
        return context.resourceOperations()
                .resourcePatch(
                        rollout,
                        before -> write.to(resource(before)),
                        context.eventSourceRetriever().getControllerEventSource());
    }

    /** Of the object in hand: by name alone the client would read it again before each patch. */
    private Resource<ModelRollout> resource(ModelRollout rollout) {
        return client.resource(rollout);
    }
}
