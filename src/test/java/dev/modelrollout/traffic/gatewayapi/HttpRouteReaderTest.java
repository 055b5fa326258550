package dev.modelrollout.traffic.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import dev.modelrollout.rollout.Trouble;
import dev.modelrollout.traffic.TrafficRouterContract;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    void each_ref_has_its_place_and_all_that_names_it() {
        var view = read("""
            - backendRefs:
              - {name: mirror, weight: 0}
              - {name: chat-v1, namespace: serving}
              - {name: chat-v2, kind: Service, group: '', weight: 10}
            """, null);

        assertThat(view.rules())
                .singleElement()
                .satisfies(rule -> assertThat(rule.refs())
                        .containsExactly(
                                new Ref(1, "v1", 1, false, Map.of("name", "chat-v1", "namespace", "serving")),
                                new Ref(2, "v2", 10, true, Map.of("name", "chat-v2", "kind", "Service", "group", ""))));
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
        - {backendRefs: [{name: other}, {name: chat-v1}, {name: chat-v2}]} | | ROUTE_SHAPE | none of spec.versions
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

    /** Parents, then the entries of the status: an obstacle, or nothing. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
        {name: a}, {name: b} | {name: a}; {name: b} | -
        {name: a}, {name: b} | {name: a} | no gateway controller has taken it for parent b
        {name: a} | {name: a}; {name: other}! | -
        {name: a} | {name: a}; {name: a}! | parent a: Accepted is not True
        {name: a, sectionName: https} | {name: a, sectionName: https} | -
        {name: a, sectionName: https} | {name: a, sectionName: http} | no gateway controller has taken it for parent a
        {name: a, sectionName: https} | {name: a} | -
        {name: a, port: 443} | {name: a, port: 80} | no gateway controller has taken it for parent a
        {name: a, namespace: x} | {name: a, namespace: y} | no gateway controller has taken it for parent a
        {name: a} | {name: a, namespace: y} | -
        """)
    void every_parent_takes_the_route(String parentRefs, String entries, @Nullable String obstacle) {
        var parents = Stream.of(entries.split("; "))
                .map(entry -> entry("parentRef: " + entry.replace("!", ""), entry.endsWith("!") ? "False" : "True", ""))
                .collect(Collectors.joining(", "));

        assertThat(served(parentRefs, parents).unprogrammed()).isEqualTo(obstacle);
    }

    @ParameterizedTest
    @CsvSource({"True, parent a: it is PartiallyInvalid", "False,"})
    void a_route_that_is_served_in_part_is_not_programmed(String partially, @Nullable String obstacle) {
        var more = ", {type: PartiallyInvalid, status: \"" + partially + "\"}";

        assertThat(served("{name: a}", entry("parentRef: {name: a}", "True", more))
                        .unprogrammed())
                .isEqualTo(obstacle);
    }

    @Test
    void a_route_that_no_gateway_has_seen_is_not_programmed() {
        assertThat(served("{name: a}", "").unprogrammed()).isEqualTo("no gateway controller has taken this route");
    }

    @Test
    void each_condition_has_to_speak_of_this_generation() {
        var behind = entry("parentRef: {name: a}", "True", "")
                .replaceFirst("observedGeneration: 7}]", "observedGeneration: 6}]");

        assertThat(served("{name: a}", behind).unprogrammed())
                .isEqualTo("parent a: ResolvedRefs speaks of another generation");
    }

    @Test
    void a_condition_that_nobody_has_written_is_not_true() {
        var both = entry("parentRef: {name: a}", "True", "");

        assertThat(served("{name: a}", both.replaceFirst(", \\{type: ResolvedRefs[^}]*}", ""))
                        .unprogrammed())
                .isEqualTo("parent a: ResolvedRefs is not True");
        assertThat(served("{name: a}", both.replaceFirst("\\{type: Accepted[^}]*}, ", ""))
                        .unprogrammed())
                .isEqualTo("parent a: Accepted is not True");
    }

    private static String entry(String parentRef, String accepted, String more) {
        return "{%s, conditions: [{type: Accepted, status: \"%s\", observedGeneration: 7}, {type: ResolvedRefs, status: \"True\", observedGeneration: 7}%s]}"
                .formatted(parentRef, accepted, more);
    }

    private static RouteView served(String parentRefs, String parents) {
        return view(yaml("""
            metadata: {name: chat, uid: u, generation: 7}
            spec:
              parentRefs: [%s]
              rules: [{backendRefs: %s}]
            status: {parents: [%s]}
            """.formatted(parentRefs, SPLIT, parents)), null);
    }

    @Test
    void a_route_that_only_somebody_named_as_owner_is_written() {
        var view = read(
                "- {backendRefs: %s}".formatted(SPLIT),
                null,
                "ownerReferences: [{apiVersion: a/v1, kind: App, name: llm, uid: u}]");

        assertThat(view.trouble()).isNull();
    }

    @Test
    void a_backend_of_another_kind_is_not_ours() {
        var view = read("- {backendRefs: [{name: chat-v1}, {name: chat-v2, kind: InferencePool}]}", null);

        assertThat(view.trouble()).isNotNull();
        assertThat(view.rules().get(0).refs()).hasSize(1);
    }

    @Test
    void a_backend_of_another_group_is_not_ours() {
        var view = read("- {backendRefs: [{name: chat-v1}, {name: chat-v2, group: other.io}]}", null);

        assertThat(view.trouble()).isNotNull();
        assertThat(view.rules().get(0).refs()).hasSize(1);
    }

    @Test
    void a_rule_that_names_a_backend_twice_takes_no_rise_but_the_way_down_stays_open() {
        var view = read("- {backendRefs: [{name: chat-v1}, {name: chat-v2}, {name: chat-v2, port: 81}]}", null);

        assertThat(view.trouble()).isNotNull().returns(Reason.ROUTE_SHAPE, Trouble::reason);
        assertThat(view.rules().get(0).refs()).hasSize(3);
    }

    @Test
    void a_live_version_that_is_listed_no_more_is_not_looked_for() {
        var route = yaml("metadata: {name: chat, uid: u, generation: 1}\n"
                + "spec: {rules: [{backendRefs: [{name: chat-v2, weight: 1}]}]}");
        var view = new HttpRouteReader(route, plan(null), Optional.of("v0")).view();

        assertThat(view.trouble()).isNull();
        assertThat(view.rules()).hasSize(1);
    }

    @Test
    void a_rule_without_the_target_keeps_the_way_down_to_live_open() {
        var view = read("- {backendRefs: [{name: chat-v1, weight: 90}, {name: chat-v3, weight: 10}]}", null);

        assertThat(view.trouble()).isNotNull();
        assertThat(view.rules()).hasSize(1);
    }

    @Test
    void a_rule_without_the_live_version_has_no_way_down() {
        var view = read("- {backendRefs: [{name: chat-v2}, {name: chat-v3}]}", null);

        assertThat(view.trouble()).isNotNull();
        assertThat(view.rules()).isEmpty();
    }

    @Test
    void a_rule_for_everybody_beside_a_group_is_ours() {
        var view = read("""
            - matches: [{headers: [{name: x-tester, value: "1"}]}, {path: {value: /}}]
              backendRefs: [{name: chat-v2}]
            - backendRefs: %s
            """.formatted(SPLIT), null);

        assertThat(view.trouble()).isNotNull();
    }

    @Test
    void a_rule_for_a_group_of_users_is_ours_when_it_is_named() {
        var view = read("""
            - name: testers
              matches: [{headers: [{name: x-tester, value: "1"}]}]
              backendRefs: [{name: chat-v1}]
            """, "testers");

        assertThat(view.rules()).extracting(ManagedRule::name).containsExactly("testers");
        assertThat(view.trouble()).isNotNull();
    }

    @Test
    void a_rule_with_both_backends_is_ours_for_a_group_too() {
        var view = read("""
            - matches: [{headers: [{name: x-tester, value: "1"}]}]
              backendRefs: %s
            """.formatted(SPLIT), null);

        assertThat(view.trouble()).isNull();
        assertThat(view.rules()).hasSize(1);
    }

    @Test
    void the_first_of_several_obstacles_is_named() {
        var trouble = read("""
            - backendRefs: [{name: chat-v1}]
            - backendRefs: [{name: chat-v1}, {name: chat-v2}, {name: other}]
            """, null).trouble();

        assertThat(trouble).isNotNull();
        assertThat(trouble.message()).contains("rule 0");
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

    @Test
    void a_rule_for_a_group_of_users_is_left_alone_before_anybody_is_known_to_be_live() {
        var route = yaml("""
            metadata: {name: chat, uid: u, generation: 1}
            spec:
              rules:
              - matches: [{headers: [{name: x-tester, value: "1"}]}]
                backendRefs: [{name: chat-v2}]
              - backendRefs: %s
              - backendRefs: [{name: chat-v2}]
            """.formatted(SPLIT));

        assertThat(view(route, null, Optional.empty()).rules())
                .extracting(ManagedRule::index)
                .containsExactly(1, 2);
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
        return view(route, named, Optional.of("v1"));
    }

    private static RouteView view(GenericKubernetesResource route, @Nullable String named, Optional<String> live) {
        return new HttpRouteReader(route, plan(named), live).view();
    }

    private static RolloutPlan plan(@Nullable String named) {
        return TrafficRouterContract.plan(
                "serving", new RouteRef(HttpRouteRouter.GROUP, HttpRouteRouter.KIND, "serving", "chat", named));
    }
}
