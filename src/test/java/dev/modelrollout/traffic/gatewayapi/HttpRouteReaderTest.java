package dev.modelrollout.traffic.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.traffic.TrafficRouterContract;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rules and refs of a route are managed, and what stands in the way. Live is v1, the target v2. */
class HttpRouteReaderTest {

    private static final String SPLIT = "[{name: chat-v1, weight: 90}, {name: chat-v2, weight: 10}]";

    @Test
    void every_rule_that_holds_both_backends_is_managed() {
        var view = read("""
                - {name: a, backendRefs: %1$s}
                - {backendRefs: [{name: other, weight: 1}]}
                - {name: b, backendRefs: %1$s}
                """.formatted(SPLIT), null);

        assertThat(view.trouble()).isNull();
        assertThat(view.rules()).extracting(ManagedRule::index).containsExactly(0, 2);
    }

    @Test
    void only_the_named_rule_is_managed() {
        var view = read("""
                - {name: a, backendRefs: %1$s}
                - {name: b, backendRefs: %1$s}
                """.formatted(SPLIT), "b");

        assertThat(view.rules()).extracting(ManagedRule::name).containsExactly("b");
    }

    @Test
    void a_rule_for_a_group_of_users_is_left_alone() {
        var view = read("""
                - matches: [{headers: [{name: x-tester, value: "1"}]}, {queryParams: [{name: beta, value: "1"}]}]
                  backendRefs: [{name: chat-v2}]
                - backendRefs: %s
                """.formatted(SPLIT), null);

        assertThat(view.trouble()).isNull();
        assertThat(view.rules()).extracting(ManagedRule::index).containsExactly(1);
    }

    @Test
    void an_absent_weight_is_one() {
        var view = read("- {backendRefs: [{name: chat-v1}, {name: chat-v2, weight: 0}]}", null);

        assertThat(view.rules().get(0).refs())
                .extracting(RouteView.Ref::weight, RouteView.Ref::isWeighted)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, false), org.assertj.core.groups.Tuple.tuple(0, true));
    }

    @Test
    void a_backend_of_another_namespace_is_not_ours() {
        var view = read("- {backendRefs: [{name: chat-v1}, {name: chat-v2, namespace: elsewhere}]}", null);

        assertThat(view.trouble()).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            - {name: a, backendRefs: [{name: chat-v1}]} | | BACKEND_NOT_IN_ROUTE | rule "a" has chat-v1: add {name: chat-v2, port: ..., weight: 0}
            - {backendRefs: [{name: chat-v1}]} | | BACKEND_NOT_IN_ROUTE | rule 0 has chat-v1: add {name: chat-v2
            - {backendRefs: [{name: other}]} | | BACKEND_NOT_IN_ROUTE | no rule with the backends of v1 and v2
            - {name: a, backendRefs: [{name: other}]} | a | BACKEND_NOT_IN_ROUTE | rule "a" has no listed backend
            - {name: a, backendRefs: [{name: chat-v1}, {name: chat-v2}]} | b | ROUTE_SHAPE | has no rule named "b"; its rules are "a"
            - {backendRefs: [{name: chat-v1}, {name: chat-v2}]} | b | ROUTE_SHAPE | has no rule named "b"; its rules have no names
            - {backendRefs: [{name: chat-v1}, {name: chat-v2}, {name: chat-v2, port: 81}]} | | ROUTE_SHAPE | names a backend twice
            - {backendRefs: [{name: chat-v1}, {name: chat-v2}, {name: other, weight: 1}]} | | ROUTE_SHAPE | none of spec.versions
            - {backendRefs: [{name: chat-v1}, {name: chat-v2}, {name: other}]} | | ROUTE_SHAPE | none of spec.versions
            """)
    void what_stands_in_the_way_says_what_to_write(String rules, @Nullable String named, Reason reason, String said) {
        var trouble = read(rules, named).trouble();

        assertThat(trouble).isNotNull();
        assertThat(trouble.reason()).isEqualTo(reason);
        assertThat(trouble.message()).contains(said);
    }

    @Test
    void a_foreign_backend_without_traffic_is_no_obstacle() {
        var view = read("- {backendRefs: [{name: chat-v1}, {name: chat-v2}, {name: other, weight: 0}]}", null);

        assertThat(view.trouble()).isNull();
    }

    @Test
    void a_route_that_a_controller_owns_is_not_written() {
        var trouble = read(
                        "- {backendRefs: %s}".formatted(SPLIT),
                        null,
                        "ownerReferences: [{apiVersion: a/v1, kind: InferenceService, name: llm, uid: u,"
                                + " controller: true}]")
                .trouble();

        assertThat(trouble).isNotNull();
        assertThat(trouble.message()).contains("owner InferenceService llm", "point spec.route at a route of your own");
    }

    @Test
    void a_route_that_its_gateway_has_taken_is_programmed() {
        assertThat(taken("True", "True", 7).unprogrammed()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"False,True,7", "True,False,7", "True,Unknown,7", "True,True,6"})
    void a_route_that_is_not_accepted_as_it_stands_is_not(String accepted, String resolved, long generation) {
        assertThat(taken(accepted, resolved, generation).unprogrammed()).contains("parent gateway");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spec: nonsense",
                "spec: {rules: nonsense}",
                "spec: {rules: [null, 7, {backendRefs: {a: b}}]}",
                "spec: {rules: [{backendRefs: [null, 7, {name: 7, weight: x}]}]}",
                "status: nonsense",
                "status: {parents: [7, {parentRef: 7, conditions: {a: b}}]}"
            })
    void a_route_of_any_shape_is_seen_without_harm(String field) {
        var route = yaml("metadata: {name: chat, uid: u, generation: 1}\n" + field);

        assertThat(view(route, null).trouble()).isNotNull();
    }

    private static RouteView taken(String accepted, String resolved, long observed) {
        return view(yaml("""
                metadata: {name: chat, uid: u, generation: 7}
                spec:
                  parentRefs: [{name: gateway}]
                  rules: [{backendRefs: %s}]
                status:
                  parents:
                  - parentRef: {name: gateway}
                    conditions:
                    - {type: Accepted, status: "%s", observedGeneration: %4$d}
                    - {type: ResolvedRefs, status: "%s", observedGeneration: %4$d}
                """.formatted(SPLIT, accepted, resolved, observed)), null);
    }

    private static RouteView read(String rules, @Nullable String named) {
        return read(rules, named, "labels: {}");
    }

    private static RouteView read(String rules, @Nullable String named, String metadata) {
        return view(
                yaml("metadata: {name: chat, uid: u, generation: 1, %s}\nspec:\n  rules:\n%s"
                        .formatted(metadata, rules.strip().indent(2))),
                named);
    }

    private static GenericKubernetesResource yaml(String text) {
        return new KubernetesSerialization()
                .unmarshal(
                        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n" + text,
                        GenericKubernetesResource.class);
    }

    private static RouteView view(GenericKubernetesResource route, @Nullable String named) {
        var plan = TrafficRouterContract.plan(
                "serving", new RouteRef(HttpRouteRouter.GROUP, HttpRouteRouter.KIND, "serving", "chat", named));
        return new HttpRouteReader(route, plan, Optional.of("v1")).view();
    }
}
