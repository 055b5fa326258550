package dev.modelrollout.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * An object as a watch delivered it.
 *
 * @param version its resourceVersion: these are in one order over all kinds
 * @param action ADDED, MODIFIED or DELETED
 */
record Look(long version, Instant at, String action, JsonNode object) {

    boolean isRoute() {
        return object.path("kind").asText().equals("HTTPRoute");
    }

    boolean isDeletion() {
        return action.equals("DELETED");
    }

    String namespace() {
        return object.at("/metadata/namespace").asText();
    }

    long generation() {
        return object.at("/metadata/generation").asLong();
    }

    JsonNode status() {
        return object.path("status");
    }

    String phase() {
        return status().path("phase").asText();
    }

    /** Of v1 and v2 in the route, as they stand. */
    List<JsonNode> weights() {
        return IntStream.range(0, 2)
                .mapToObj(i -> object.at("/spec/rules/0/backendRefs/%d/weight".formatted(i)))
                .toList();
    }

    /** Percent of the candidate, v2, in the route. */
    int share() {
        return weights().get(1).asInt();
    }

    /** Percent of v2 in the status; 0 if it says nothing. */
    int told() {
        return StreamSupport.stream(status().path("weights").spliterator(), false)
                .filter(weight -> weight.path("version").asText().equals("v2"))
                .mapToInt(weight -> weight.path("weight").asInt())
                .findFirst()
                .orElse(0);
    }

    /** The ceiling of the spec, percent. */
    int ceiling() {
        return object.at("/spec/maxWeight").asInt(100);
    }

    /** What the operator must not change: the spec without weights, labels and annotations. */
    JsonNode others() {
        var others = object.deepCopy();
        others.at("/spec/rules/0/backendRefs").forEach(ref -> ((ObjectNode) ref).remove("weight"));
        return ((ObjectNode) others.path("metadata"))
                .retain("labels", "annotations", "uid")
                .<JsonNode>set("spec", others.path("spec"));
    }

    @Override
    public String toString() {
        var what = isRoute()
                ? "route " + weights()
                : "%s told %d live %s gen %d/%s %s"
                        .formatted(
                                phase(),
                                told(),
                                status().path("live").asText(),
                                status().path("observedGeneration").asLong(),
                                generation(),
                                object.at("/metadata/finalizers"));
        return "%s %d %s %s".formatted(at.toString().substring(11, 23), version, action, what);
    }
}
