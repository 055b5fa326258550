package dev.modelrollout.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A route as a watch delivered it.
 *
 * @param weights by backend, as they stand in the JSON
 * @param others the spec without its weights: JSON
 */
record Sighting(Instant at, Map<String, JsonNode> weights, String others) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static Sighting of(GenericKubernetesResource route, Instant at) {
        JsonNode spec = JSON.valueToTree(route.getAdditionalProperties().get("spec"));
        var weights = new LinkedHashMap<String, JsonNode>();
        for (var rule : spec.path("rules")) {
            for (var ref : rule.path("backendRefs")) {
                weights.put(ref.path("name").asText(), ref.path("weight"));
                ((ObjectNode) ref).remove("weight");
            }
        }
        return new Sighting(at, weights, spec.toString());
    }

    int weightOf(String backend) {
        var weight = weights.get(backend);
        return weight == null ? 0 : weight.asInt();
    }

    boolean looksLike(Sighting other) {
        return weights.equals(other.weights) && others.equals(other.others);
    }
}
