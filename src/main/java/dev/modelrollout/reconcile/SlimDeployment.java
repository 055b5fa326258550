package dev.modelrollout.reconcile;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import dev.modelrollout.rollout.Revision;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Of a Deployment only what a rollout looks at: a cluster holds thousands of them in memory. */
@Group("apps")
@Version("v1")
@Kind("Deployment")
@Plural("deployments")
public class SlimDeployment extends CustomResource<SlimDeployment.Spec, SlimDeployment.Status> implements Namespaced {

    private static final long serialVersionUID = 1L;

    /** {@code template} is the identity of the pod template, not the template. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Spec(
            @Nullable Integer replicas,
            @JsonDeserialize(using = Digest.class) @Nullable String template) {}

    /** What the Deployment's controller says. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Status(
            @Nullable Long observedGeneration,
            @Nullable Integer readyReplicas,
            @Nullable Integer updatedReplicas) {}

    /** The digest of any JSON value; the order of an object's fields does not matter. */
    static final class Digest extends StdDeserializer<String> {

        private static final long serialVersionUID = 1L;

        Digest() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            var tree = context.readTree(parser);
            return tree.isTextual() ? tree.textValue() : Revision.digest(canonical(tree));
        }

        private static String canonical(JsonNode node) {
            if (!node.isObject()) {
                return node.isArray() ? elements(node) : node.toString();
            }
            var fields = new TreeMap<String, String>();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                fields.put(field.getKey(), canonical(field.getValue()));
            }
            return fields.toString();
        }

        private static String elements(JsonNode array) {
            var text = new StringBuilder("[");
            array.forEach(element -> text.append(canonical(element)).append(','));
            return text.append(']').toString();
        }
    }
}
