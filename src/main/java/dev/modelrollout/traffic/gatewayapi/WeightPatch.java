package dev.modelrollout.traffic.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import dev.modelrollout.rollout.TrafficSplit;
import java.util.HashSet;

/**
 * JSON Patches (RFC 6902) that change weights and nothing else, and only where the route is still what was read.
 * {@code generation} is tested rather than {@code resourceVersion}: gateways write the route's status after each change.
 */
final class WeightPatch {

    private final ArrayNode operations = JsonNodeFactory.instance.arrayNode();

    private WeightPatch() {}

    static String raise(RouteView view, TrafficSplit split) {
        var patch = new WeightPatch();
        patch.operation("test", "/metadata/uid").put("value", view.uid());
        patch.operation("test", "/metadata/generation").put("value", view.generation());
        view.rules().forEach(patch::testIdentity);
        view.rules().forEach(rule -> patch.setWeights(rule, split));
        return patch.operations.toString();
    }

    /** A rule whose traffic all goes to stable, the only one that it refers to, is left as it is. */
    static String lower(RouteView view, TrafficSplit split) {
        var patch = new WeightPatch();
        var rules = view.rules().stream()
                .filter(rule -> rule.refs().stream()
                        .anyMatch(ref -> ref.weight() == 0 || !ref.version().equals(split.stable())))
                .toList();
        rules.forEach(rule -> {
            patch.testIdentity(rule);
            rule.refs().stream()
                    .filter(Ref::isWeighted)
                    .forEach(ref ->
                            patch.operation("test", path(rule, ref, "weight")).put("value", ref.weight()));
        });
        rules.forEach(rule -> patch.setWeights(rule, split));
        return patch.operations.toString();
    }

    private void testIdentity(ManagedRule rule) {
        if (rule.name() != null) {
            operation("test", "/spec/rules/" + rule.index() + "/name").put("value", rule.name());
        }
        for (var ref : rule.refs()) {
            ref.identity()
                    .forEach((field, value) ->
                            operation("test", path(rule, ref, field)).put("value", value));
        }
    }

    /** Of a version that is named twice the first one has it all. */
    private void setWeights(ManagedRule rule, TrafficSplit split) {
        var named = new HashSet<String>();
        for (var ref : rule.refs()) {
            var weight = named.add(ref.version()) ? split.weightOf(ref.version()) : 0;
            operation("add", path(rule, ref, "weight")).put("value", weight);
        }
    }

    private ObjectNode operation(String op, String path) {
        return operations.addObject().put("op", op).put("path", path);
    }

    private static String path(ManagedRule rule, Ref ref, String field) {
        return "/spec/rules/" + rule.index() + "/backendRefs/" + ref.index() + "/" + field;
    }
}
