package dev.modelrollout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Ladder.Step;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteViewTest {

    private static final Ladder LADDER =
            new Ladder(List.of(new Step(1, Duration.ZERO), new Step(10, Duration.ZERO), new Step(50, Duration.ZERO)));

    private static final RouteRef CHAT =
            new RouteRef("gateway.networking.k8s.io", "HTTPRoute", "serving", "chat.web", null);

    @Test
    void one_to_nothing_is_all_traffic() {
        assertThat(route(rule(1, 0)).serves(TrafficSplit.all("v1"))).isTrue();
        assertThat(route(rule(1_000_000, 0)).serves(TrafficSplit.all("v1"))).isTrue();
    }

    @Test
    void relative_weights_serve_the_share_that_they_mean() {
        assertThat(route(rule(9, 1)).serves(split(10))).isTrue();
        assertThat(route(rule(900_000, 100_000)).serves(split(10))).isTrue();
    }

    @Test
    void a_share_that_is_off_by_one_in_a_million_is_another_share() {
        assertThat(route(rule(900_001, 99_999)).serves(split(10))).isFalse();
    }

    @Test
    void weights_of_0_serve_nobody() {
        assertThat(route(rule(0, 0)).serves(TrafficSplit.all("v1"))).isFalse();
        assertThat(route(rule(0, 0)).serves(split(10))).isFalse();
    }

    @Test
    void a_third_version_with_traffic_is_not_the_split() {
        assertThat(route(rule(90, 10, 1)).serves(split(10))).isFalse();
        assertThat(route(rule(90, 10, 0)).serves(split(10))).isTrue();
    }

    @Test
    void a_version_that_a_rule_names_twice_has_what_both_have() {
        assertThat(route(twice(90, 5, 5)).serves(split(10))).isTrue();
        assertThat(route(twice(90, 10, 10)).serves(split(10))).isFalse();
        assertThat(route(twice(90, 10, 10)).givesMore(split(10))).isTrue();
    }

    private static ManagedRule twice(int stable, int one, int other) {
        return new ManagedRule(
                0,
                null,
                List.of(
                        new Ref(0, "v1", stable, true, Map.of("name", "chat-v1")),
                        new Ref(1, "v2", one, true, Map.of("name", "chat-v2")),
                        new Ref(2, "v2", other, true, Map.of("name", "chat-v2"))));
    }

    @Test
    void a_rule_without_a_version_does_not_say_which_rung_it_has() {
        assertThat(route(rule(50, 50), rule(1)).rungFor("v2", LADDER, 100)).isEqualTo(new Rung(3, 50, 50));
    }

    @Test
    void every_managed_rule_has_to_serve_the_split() {
        assertThat(route(rule(90, 10), rule(50, 50)).serves(split(10))).isFalse();
        assertThat(route(rule(90, 10), rule(9, 1)).serves(split(10))).isTrue();
    }

    @Test
    void nobody_gives_more_to_another_version_by_giving_more_to_stable() {
        assertThat(route(rule(95, 5)).givesMore(split(10))).isFalse();
        assertThat(route(rule(90, 10)).givesMore(split(10))).isFalse();
        assertThat(route(rule(89, 11)).givesMore(split(10))).isTrue();
    }

    @Test
    void clusters_are_those_of_a_version_by_their_places_in_the_managed_rules() {
        var seen = route(
                rule(90, 10), new ManagedRule(3, "web", List.of(new Ref(2, "v2", 1, true, Map.of("name", "chat-v2")))));

        assertThat(seen.clusters(CHAT, "v2"))
                .isEqualTo("httproute/serving/chat\\.web/rule/0/backend/1"
                        + "|httproute/serving/chat\\.web/rule/3/backend/2");
        assertThat(seen.clusters(CHAT, "v3")).isEmpty();
        assertThat(route().clusters(CHAT, "v2")).isEmpty();
    }

    @Test
    void no_rule_serves_nothing() {
        assertThat(route().serves(split(10))).isFalse();
        assertThat(route().givesLess("v2", 10)).isFalse();
    }

    @Test
    void gives_less_when_one_rule_does() {
        assertThat(route(rule(90, 10), rule(91, 9)).givesLess("v2", 10)).isTrue();
        assertThat(route(rule(90, 10), rule(50, 50)).givesLess("v2", 10)).isFalse();
    }

    @Test
    void the_rung_is_that_of_the_lowest_share() {
        assertThat(route(rule(50, 50), rule(89, 11)).rungFor("v2", LADDER, 100)).isEqualTo(new Rung(2, 10, 10));
    }

    @Test
    void a_share_below_the_first_step_is_the_ground() {
        assertThat(route(rule(999, 1)).rungFor("v2", LADDER, 100)).isEqualTo(Rung.GROUND);
    }

    @Test
    void no_rule_has_no_rung() {
        assertThat(route().rungFor("v2", LADDER, 100)).isEqualTo(Rung.GROUND);
    }

    private static TrafficSplit split(int weight) {
        return new TrafficSplit("v1", "v2", weight);
    }

    private static RouteView route(ManagedRule... rules) {
        return new RouteView("uid", 1, List.of(rules), null, null, null);
    }

    /** Weights of v1, v2, v3. */
    private static ManagedRule rule(int... weights) {
        var refs = IntStream.rangeClosed(1, weights.length)
                .mapToObj(v -> new Ref(v - 1, "v" + v, weights[v - 1], true, Map.of("name", "chat-v" + v)))
                .toList();
        return new ManagedRule(0, null, refs);
    }
}
