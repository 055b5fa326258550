package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutSpec;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.metrics.presets.Presets;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.Trouble;
import dev.modelrollout.traffic.gatewayapi.HttpRouteRouter;
import dev.modelrollout.traffic.gatewayapi.RouteCache;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whose a rule is. */
class ClaimsTest {

    private static final KubernetesSerialization YAML = new KubernetesSerialization();
    private static final GenericKubernetesResource ROUTE = YAML.unmarshal("""
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: chat, namespace: serving, uid: route, generation: 1}
            spec:
              parentRefs: [{name: gateway}]
              rules:
              - {name: a, backendRefs: [{name: chat-v1, weight: 1}, {name: chat-v2, weight: 0}]}
              - {name: b, backendRefs: [{name: chat-v1, weight: 1}, {name: chat-v2, weight: 0}]}
              - {name: c, backendRefs: [{name: chat-v1, weight: 1}]}
            """, GenericKubernetesResource.class);

    private final AtomicInteger reads = new AtomicInteger();

    @Test
    void a_rule_is_the_oldest_rollouts_also_where_it_has_others_beside() {
        var ofBoth = rollout("both", "10:00:00", "");
        var ofOne = rollout("one", "11:00:00", ", rule: a");

        assertThat(conflict(ofOne, ofBoth))
                .hasValueSatisfying(trouble -> assertThat(trouble)
                        .returns(Reason.CONFLICT, Trouble::reason)
                        .satisfies(it -> assertThat(it.message()).startsWith("ModelRollout both is older")));
        assertThat(conflict(ofBoth, ofOne)).isEmpty();
    }

    @Test
    void the_younger_one_waits_also_when_it_wants_more() {
        var ofOne = rollout("one", "10:00:00", ", rule: a");
        var ofBoth = rollout("both", "11:00:00", "");

        assertThat(conflict(ofBoth, ofOne)).isPresent();
    }

    @Test
    void different_rules_are_nobody_elses() {
        assertThat(conflict(rollout("b", "11:00:00", ", rule: b"), rollout("a", "10:00:00", ", rule: a")))
                .isEmpty();
    }

    @Test
    void of_two_that_are_as_old_one_waits() {
        var one = rollout("one", "10:00:00", "");
        var other = rollout("other", "10:00:00", "");

        assertThat(conflict(one, other).isPresent())
                .isNotEqualTo(conflict(other, one).isPresent());
    }

    @Test
    void of_several_older_ones_the_oldest_is_named() {
        var youngest = rollout("youngest", "12:00:00", "");

        assertThat(conflict(youngest, rollout("older", "11:00:00", ""), rollout("oldest", "10:00:00", "")))
                .hasValueSatisfying(
                        trouble -> assertThat(trouble.message()).startsWith("ModelRollout oldest is older"));
    }

    @Test
    void no_more_rollouts_are_read_than_it_takes() {
        conflict(
                rollout("youngest", "12:00:00", ""),
                rollout("older", "11:00:00", ""),
                rollout("oldest", "10:00:00", ""),
                rollout("old", "10:30:00", ""));

        assertThat(reads).hasValue(2);
    }

    @Test
    void a_rule_on_the_way_to_a_version_that_it_does_not_hold_is_that_of_who_serves_it() {
        var older = rollout("older", "10:00:00", ", rule: c");
        var younger = rollout("younger", "11:00:00", ", rule: c");
        older.setStatus(new ModelRolloutStatus(1L, "Live", "v1", null, null, null, null, null, null, null, null));

        assertThat(conflict(younger, older)).isPresent();
    }

    @Test
    void who_cannot_be_understood_claims_nothing() {
        var older = rollout("older", "10:00:00", ", kind: VirtualService");

        assertThat(conflict(rollout("younger", "11:00:00", ""), older)).isEmpty();
    }

    @Test
    void who_cannot_be_understood_as_a_whole_keeps_its_rule() {
        var older = rollout("older", "10:00:00", "");
        older.setSpec(
                ModelRolloutSpec.bare(older.getSpec().route(), older.getSpec().versions(), "v9"));

        assertThat(conflict(rollout("younger", "11:00:00", ""), older)).isPresent();
    }

    private Optional<Trouble> conflict(ModelRollout asked, ModelRollout... others) {
        try (var client = new KubernetesClientBuilder().build()) {
            var router = new HttpRouteRouter(client, new OneRoute(reads));
            var plans = new PlanReader(List.of(router), Presets.load());
            var plan = Objects.requireNonNull(plans.read(asked).plan());
            return new Claims(
                            new These(Stream.concat(Stream.of(asked), Stream.of(others))
                                    .toList()),
                            plans,
                            router)
                    .conflict(asked, plan, router.read(plan, Optional.of("v1")));
        }
    }

    private static ModelRollout rollout(String name, String created, String rule) {
        return YAML.unmarshal("""
                apiVersion: modelrollout.dev/v1alpha1
                kind: ModelRollout
                metadata: {name: %s, namespace: serving, uid: %s, generation: 1, creationTimestamp: "2026-03-01T%sZ"}
                spec:
                  route: {name: chat%s}
                  target: v2
                  versions: [{name: v1, deployment: chat-v1}, {name: v2, deployment: chat-v2}]
                """.formatted(name, name, created, rule), ModelRollout.class);
    }

    private record These(List<ModelRollout> rollouts) implements Caches {

        @Override
        public List<ModelRollout> rolloutsOf(String namespace, String route) {
            return rollouts;
        }

        @Override
        public Optional<SlimDeployment> deployment(String namespace, String name) {
            return Optional.empty();
        }

        @Override
        public boolean isReachable(String namespace, String service) {
            return true;
        }

        @Override
        public void wakeNeighbours(ModelRollout rollout) {}
    }

    private record OneRoute(AtomicInteger reads) implements RouteCache {

        @Override
        public Optional<GenericKubernetesResource> get(String namespace, String name) {
            reads.incrementAndGet();
            return Optional.of(ROUTE);
        }

        @Override
        public void saw(GenericKubernetesResource route) {}
    }
}
