package dev.modelrollout.traffic.gatewayapi;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Whether the gateways serve the route as it is written, by {@code status.parents}. */
final class Programming {

    private Programming() {}

    /** Why they do not; empty when every parent of the route does. */
    static Optional<String> obstacle(GenericKubernetesResource route) {
        var wanted = HttpRouteReader.maps(route.get("spec", "parentRefs"));
        var taken = HttpRouteReader.maps(route.get("status", "parents"));
        if (taken.isEmpty()) {
            return Optional.of("no gateway controller has taken this route");
        }
        for (var parentRef : wanted) {
            var entries =
                    taken.stream().filter(entry -> isFor(entry, parentRef)).toList();
            if (entries.isEmpty()) {
                return Optional.of("no gateway controller has taken it for parent " + parentRef.get("name"));
            }
            for (var entry : entries) {
                var obstacle = obstacle(entry, route.getMetadata().getGeneration());
                if (obstacle.isPresent()) {
                    return obstacle.map(why -> "parent " + parentRef.get("name") + ": " + why);
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isFor(Map<String, Object> entry, Map<String, Object> parentRef) {
        return entry.get("parentRef") instanceof Map<?, ?> ref
                && List.of("name", "namespace", "sectionName", "port").stream()
                        .allMatch(field -> parentRef.get(field) == null
                                || ref.get(field) == null
                                || Objects.equals(
                                        String.valueOf(parentRef.get(field)), String.valueOf(ref.get(field))));
    }

    private static Optional<String> obstacle(Map<String, Object> entry, Long generation) {
        var conditions = HttpRouteReader.maps(entry.get("conditions"));
        for (var type : List.of("Accepted", "ResolvedRefs")) {
            var condition = conditions.stream()
                    .filter(candidate -> type.equals(candidate.get("type")))
                    .findFirst();
            if (condition.isEmpty() || !"True".equals(condition.get().get("status"))) {
                return Optional.of(type + " is not True");
            }
            if (!(condition.get().get("observedGeneration") instanceof Number observed)
                    || observed.longValue() != generation) {
                return Optional.of(type + " speaks of another generation");
            }
        }
        return conditions.stream()
                .filter(condition ->
                        "PartiallyInvalid".equals(condition.get("type")) && "True".equals(condition.get("status")))
                .findFirst()
                .map(condition -> "it is PartiallyInvalid");
    }
}
