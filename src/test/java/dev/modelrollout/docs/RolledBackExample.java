package dev.modelrollout.docs;

import dev.modelrollout.analysis.Evidence;
import dev.modelrollout.analysis.Limits;
import dev.modelrollout.analysis.Limits.Range;
import dev.modelrollout.analysis.PlainCheck;
import dev.modelrollout.rollout.Backend;
import dev.modelrollout.rollout.Candidate;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Ladder;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Ladder.Step;
import dev.modelrollout.rollout.Ledger;
import dev.modelrollout.rollout.Measured;
import dev.modelrollout.rollout.ModelVersion;
import dev.modelrollout.rollout.Patience;
import dev.modelrollout.rollout.Progressing;
import dev.modelrollout.rollout.QueryTemplate;
import dev.modelrollout.rollout.Revision;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RolloutPlan.NamedCheck;
import dev.modelrollout.rollout.Rollouts;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import dev.modelrollout.rollout.Workload;
import dev.modelrollout.rollout.World;
import dev.modelrollout.testing.ApiServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The rollback on README's first screen: decided by the core, printed by kubectl. */
final class RolledBackExample {

    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");
    private static final String MESSAGE = "jsonpath={.status.conditions[?(@.type==\"Ready\")].message}";

    private RolledBackExample() {}

    /** The commands as a person types them, and what they print. */
    static String shown(ApiServer server) {
        server.install(List.of(Path.of("crds/modelrollouts.modelrollout.dev-v1.yml")));
        var namespace = server.newNamespace();
        var stored = server.client().resource(rollout()).inNamespace(namespace).create();
        stored.setAdditionalProperty("status", status(decision()));
        server.client().resource(stored).inNamespace(namespace).updateStatus();
        return "$ kubectl get mro\n"
                + server.kubectl("get", "mro", "-n", namespace)
                + "$ kubectl get mro chat -o '" + MESSAGE + "'\n"
                + server.kubectl("get", "mro", "chat", "-n", namespace, "-o", MESSAGE);
    }

    private static GenericKubernetesResource rollout() {
        return new KubernetesSerialization().unmarshal("""
                apiVersion: modelrollout.dev/v1alpha1
                kind: ModelRollout
                metadata: {name: chat}
                spec:
                  route: {name: chat}
                  versions: [{name: v2, deployment: chat-v2}, {name: v3, deployment: chat-v3}]
                  target: v3
                """, GenericKubernetesResource.class);
    }

    private static Map<String, Object> status(Decision decision) {
        var rolledBack = (dev.modelrollout.rollout.RolledBack) decision.next();
        var candidate = rolledBack.candidate();
        return Map.of(
                "observedGeneration",
                1,
                "phase",
                "RolledBack",
                "live",
                rolledBack.ledger().live(),
                "weight",
                rolledBack.split().weight(),
                "rollout",
                Map.of(
                        "candidate",
                        candidate.version(),
                        "revision",
                        candidate.revision().id(),
                        "attempt",
                        candidate.attempt(),
                        "startedAt",
                        NOW.toString(),
                        "since",
                        NOW.toString(),
                        "step",
                        0,
                        "steps",
                        4,
                        "progress",
                        "0/4",
                        "losses",
                        0),
                "conditions",
                List.of(Map.of(
                        "type",
                        "Ready",
                        "status",
                        "False",
                        "lastTransitionTime",
                        NOW.toString(),
                        "reason",
                        decision.reason().text(),
                        "message",
                        decision.message())));
    }

    private static Decision decision() {
        var limits = new Limits(new Range(Double.NEGATIVE_INFINITY, 0.02), Range.ANY);
        var check = new NamedCheck("errors", new QueryTemplate("q{v=\"$version\"}"), new PlainCheck(limits, 3), "id");
        var plan = plan(check);
        var revision = Revision.of(plan.version("v3"), "template", plan.attempt());
        var bad = new Evidence(3, 0, 0, NOW, null, 0.052, 0.004);
        var state = new Progressing(
                new Ledger("v2", List.of(), List.of()),
                new Candidate("v3", revision, plan.attempt(), NOW, NOW, 0),
                new Rung(2, 10),
                NOW,
                2,
                "template",
                Map.of(check.name(), new Measured(check.identity(), bad)),
                Patience.NONE);
        return Rollouts.decide(plan, state, world(), NOW);
    }

    private static RolloutPlan plan(NamedCheck check) {
        return new RolloutPlan(
                1,
                "serving",
                new RouteRef("gateway.networking.k8s.io", "HTTPRoute", "serving", "chat", null),
                List.of(version("v2"), version("v3")),
                "v3",
                100,
                1,
                new Ladder(List.of(
                        new Step(1, Duration.ofMinutes(5)),
                        new Step(10, Duration.ofMinutes(10)),
                        new Step(50, Duration.ofMinutes(10)))),
                100,
                Duration.ofMinutes(5),
                Duration.ofMinutes(30),
                new RolloutPlan.Analysis("default", Duration.ofSeconds(15), Duration.ofMinutes(1), List.of(check)),
                false,
                false,
                Duration.ofMinutes(10),
                null,
                false,
                false);
    }

    private static ModelVersion version(String name) {
        return new ModelVersion(name, "chat-" + name, Backend.service("chat-" + name));
    }

    private static World world() {
        var well = new Workload("template", 2, 2, true, true);
        var refs = List.of(new Ref(0, "v2", 90, true, Map.of()), new Ref(1, "v3", 10, true, Map.of()));
        var route = new RouteView("uid", 1, List.of(new ManagedRule(0, null, refs)), null, NOW, null);
        return new World(Map.of("v2", well, "v3", well), route, Map.of(), null, true, false);
    }
}
