package dev.modelrollout.traffic.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import dev.modelrollout.rollout.TrafficSplit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** All tests come before all weights; a route that is not what was read takes nothing. */
class WeightPatchTest {

    private static final RouteView VIEW = view(
            new ManagedRule(
                    1,
                    "main",
                    List.of(
                            new Ref(0, "v1", 60, true, Map.of("name", "chat-v1")),
                            new Ref(2, "v2", 40, true, Map.of("name", "chat-v2")),
                            new Ref(3, "v3", 0, true, Map.of("name", "chat-v3")))),
            new ManagedRule(4, null, List.of(new Ref(0, "v2", 1, false, Map.of("kind", "InferencePool")))));

    @Test
    void a_rise_rests_on_uid_generation_and_names() {
        assertThat(operations(WeightPatch.raise(VIEW, new TrafficSplit("v1", "v2", 50))))
                .containsExactly(
                        "test /metadata/uid \"u\"",
                        "test /metadata/generation 7",
                        "test /spec/rules/1/name \"main\"",
                        "test /spec/rules/1/backendRefs/0/name \"chat-v1\"",
                        "test /spec/rules/1/backendRefs/2/name \"chat-v2\"",
                        "test /spec/rules/1/backendRefs/3/name \"chat-v3\"",
                        "test /spec/rules/4/backendRefs/0/kind \"InferencePool\"",
                        "add /spec/rules/1/backendRefs/0/weight 50",
                        "add /spec/rules/1/backendRefs/2/weight 50",
                        "add /spec/rules/1/backendRefs/3/weight 0",
                        "add /spec/rules/4/backendRefs/0/weight 50");
    }

    @Test
    void a_decrease_rests_on_names_and_the_weights_that_are_there() {
        assertThat(operations(WeightPatch.lower(VIEW, TrafficSplit.all("v1"))))
                .containsExactly(
                        "test /spec/rules/1/name \"main\"",
                        "test /spec/rules/1/backendRefs/0/name \"chat-v1\"",
                        "test /spec/rules/1/backendRefs/2/name \"chat-v2\"",
                        "test /spec/rules/1/backendRefs/3/name \"chat-v3\"",
                        "test /spec/rules/1/backendRefs/0/weight 60",
                        "test /spec/rules/1/backendRefs/2/weight 40",
                        "test /spec/rules/1/backendRefs/3/weight 0",
                        "test /spec/rules/4/backendRefs/0/kind \"InferencePool\"",
                        "add /spec/rules/1/backendRefs/0/weight 100",
                        "add /spec/rules/1/backendRefs/2/weight 0",
                        "add /spec/rules/1/backendRefs/3/weight 0",
                        "add /spec/rules/4/backendRefs/0/weight 0");
    }

    @Test
    void a_rule_of_stable_alone_is_not_written_and_a_name_that_comes_twice_gets_its_weight_once() {
        var shown = view(
                new ManagedRule(
                        0,
                        null,
                        List.of(
                                new Ref(0, "v2", 20, true, Map.of("name", "chat-v2")),
                                new Ref(1, "v1", 60, true, Map.of("name", "chat-v1")),
                                new Ref(2, "v2", 20, true, Map.of("name", "chat-v2")))),
                new ManagedRule(1, null, List.of(new Ref(0, "v1", 1, true, Map.of("name", "chat-v1")))));

        for (var split : List.of(new TrafficSplit("v1", "v2", 10), TrafficSplit.all("v1"))) {
            assertThat(operations(WeightPatch.lower(shown, split)))
                    .filteredOn(operation -> operation.startsWith("add"))
                    .containsExactly(
                            "add /spec/rules/0/backendRefs/0/weight " + split.weightOf("v2"),
                            "add /spec/rules/0/backendRefs/1/weight " + split.weightOf("v1"),
                            "add /spec/rules/0/backendRefs/2/weight 0");
        }
    }

    @Test
    void stable_gets_its_traffic_back_where_it_is_alone_and_has_none() {
        var drained = view(new ManagedRule(0, null, List.of(new Ref(0, "v1", 0, true, Map.of("name", "chat-v1")))));

        assertThat(operations(WeightPatch.lower(drained, TrafficSplit.all("v1"))))
                .contains("add /spec/rules/0/backendRefs/0/weight 100");
    }

    private static RouteView view(ManagedRule... rules) {
        return new RouteView("u", 7, List.of(rules), null, null, null);
    }

    private static List<String> operations(String patch) {
        try {
            var operations = new ObjectMapper().readTree(patch);
            return operations
                    .valueStream()
                    .map(operation -> operation.get("op").asText() + " "
                            + operation.get("path").asText() + " " + operation.get("value"))
                    .toList();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
