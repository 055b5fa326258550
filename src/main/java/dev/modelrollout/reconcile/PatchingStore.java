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
import java.util.List;
import java.util.Optional;

/** By JSON Patches (RFC 6902) that replace the resourceVersion by itself. */
final class PatchingStore implements RolloutStore {

    private static final PatchContext JSON_PATCH = PatchContext.of(PatchType.JSON);

    private final KubernetesClient client;
    private final Context<ModelRollout> context;

    PatchingStore(Context<ModelRollout> context) {
        this.client = context.getClient();
        this.context = context;
    }

    @Override
    public Optional<ModelRollout> get(ModelRollout rollout) {
        return Optional.ofNullable(resource(rollout).get());
    }

    @Override
    public ModelRollout patchStatus(ModelRollout rollout, ModelRolloutStatus status) {
        var patch = patchOf(rollout);
        patch.addObject()
                .put("op", "add")
                .put("path", "/status")
                .set("value", client.getKubernetesSerialization().convertValue(status, JsonNode.class));
        return cached(rollout, resource -> resource.subresource("status").patch(JSON_PATCH, patch.toString()));
    }

    @Override
    public ModelRollout patchFinalizers(ModelRollout rollout, List<String> finalizers) {
        var patch = patchOf(rollout);
        var list = patch.addObject()
                .put("op", "add")
                .put("path", "/metadata/finalizers")
                .putArray("value");
        finalizers.forEach(list::add);
        try {
            return cached(rollout, resource -> resource.patch(JSON_PATCH, patch.toString()));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND && !finalizers.contains(FINALIZER)) {
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
