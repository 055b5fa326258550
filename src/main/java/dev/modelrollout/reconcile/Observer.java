package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.metrics.Readings;
import dev.modelrollout.rollout.Known;
import dev.modelrollout.rollout.ModelVersion;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RolloutState;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.Trouble;
import dev.modelrollout.rollout.Workload;
import dev.modelrollout.rollout.World;
import dev.modelrollout.traffic.TrafficRouter;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at the world: reads, never writes. */
final class Observer {

    private final Caches caches;
    private final Readings readings;
    private final TrafficRouter router;
    private final Claims claims;
    private final Memory memory;

    Observer(Caches caches, Readings readings, TrafficRouter router, Claims claims, Memory memory) {
        this.caches = caches;
        this.readings = readings;
        this.router = router;
        this.claims = claims;
        this.memory = memory;
    }

    /** All that matters to this rollout; {@code fresh} reads the route from the API server instead of the cache. */
    World look(ModelRollout rollout, PlanReader.Intent intent, RolloutState state, boolean fresh, Instant now) {
        var plan = Objects.requireNonNull(intent.plan());
        var live = state instanceof Known known ? Optional.of(known.ledger().live()) : Optional.<String>empty();
        var uid = rollout.getMetadata().getUid();
        var route = fresh ? router.readFresh(plan, live) : router.read(plan, live);
        var since = memory.servedSince(
                uid,
                route.uid(),
                route.generation(),
                route.unprogrammed() == null && !route.uid().isEmpty(),
                now);
        return new World(
                workloads(plan),
                reachable(plan),
                route.programmedSince(since),
                answers(plan, route, live),
                histories(plan, route, live),
                trouble(rollout, intent, live, route).orElse(null),
                fresh,
                memory.isInterrupted(uid, state instanceof Known, now),
                StatusMapper.isNews(rollout));
    }

    private Map<String, Workload> workloads(RolloutPlan plan) {
        var workloads = new HashMap<String, Workload>();
        for (var version : plan.versions()) {
            workload(plan.namespace(), version).ifPresent(seen -> workloads.put(version.name(), seen));
        }
        return workloads;
    }

    /** Pods may outlive their Deployment: who can take traffic is told by the endpoints alone. */
    private Set<String> reachable(RolloutPlan plan) {
        return plan.versions().stream()
                .filter(version ->
                        caches.isReachable(plan.namespace(), version.backend().name()))
                .map(ModelVersion::name)
                .collect(Collectors.toSet());
    }

    private Optional<Workload> workload(String namespace, ModelVersion version) {
        return caches.deployment(namespace, version.deployment())
                .filter(deployment -> deployment.getSpec() != null)
                .map(deployment -> workload(
                        deployment,
                        caches.isReachable(namespace, version.backend().name())));
    }

    /** As its Deployment's controller tells; nothing is ready while that speaks of an older spec. */
    static Workload workload(SlimDeployment deployment, boolean reachable) {
        var spec = deployment.getSpec();
        var status = deployment.getStatus();
        var observed = status != null
                && status.observedGeneration() != null
                && status.observedGeneration() >= deployment.getMetadata().getGeneration();
        var ready = status == null || !observed
                ? 0
                : Math.min(orElse(status.readyReplicas(), 0), orElse(status.updatedReplicas(), 0));
        return new Workload(
                spec.template() == null ? "" : spec.template(), orElse(spec.replicas(), 1), ready, observed, reachable);
    }

    private static int orElse(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    private Map<Question, List<Answer>> answers(RolloutPlan plan, RouteView route, Optional<String> live) {
        return plan.questions(route, plan.target(), live.orElse(plan.target()))
                .distinct()
                .collect(Collectors.toMap(question -> question, readings::answers));
    }

    private Map<Question, List<Answer>> histories(RolloutPlan plan, RouteView route, Optional<String> live) {
        var known = new HashMap<Question, List<Answer>>();
        live.stream()
                .flatMap(version -> plan.questions(route, version))
                .forEach(question -> readings.history(question).ifPresent(its -> known.put(question, its)));
        return known;
    }

    /** A conflict first, whatever else there is: then not even the way down is ours. */
    private Optional<Trouble> trouble(
            ModelRollout rollout, PlanReader.Intent intent, Optional<String> live, RouteView route) {
        var plan = Objects.requireNonNull(intent.plan());
        return claims.conflict(rollout, plan, route)
                .or(() -> Optional.ofNullable(intent.trouble()))
                .or(() -> missingDeployment(plan, live))
                .or(() -> unknownProvider(plan));
    }

    private Optional<Trouble> missingDeployment(RolloutPlan plan, Optional<String> live) {
        var needed = new TreeSet<String>();
        needed.add(plan.target());
        live.filter(plan::lists).ifPresent(needed::add);
        return needed.stream()
                .map(plan::version)
                .filter(version -> caches.deployment(plan.namespace(), version.deployment())
                        .isEmpty())
                .findFirst()
                .map(version -> new Trouble(
                        Reason.DEPLOYMENT_MISSING,
                        "Deployment " + version.deployment() + " of version " + version.name()
                                + " does not exist in namespace " + plan.namespace()
                                + ". Create it, or set spec.versions[].deployment to the one that runs the version."));
    }

    private Optional<Trouble> unknownProvider(RolloutPlan plan) {
        var analysis = plan.analysis();
        if (analysis.checks().isEmpty() || readings.providers().contains(analysis.provider())) {
            return Optional.empty();
        }
        var known = new TreeSet<>(readings.providers());
        return Optional.of(new Trouble(
                Reason.UNKNOWN_PROVIDER,
                "Provider \"" + analysis.provider() + "\" is not configured; "
                        + (known.isEmpty()
                                ? "none is"
                                : "known: "
                                        + known.stream()
                                                .map(name -> "\"" + name + "\"")
                                                .collect(Collectors.joining(", ")))
                        + ". Set spec.analysis.provider, or ask the cluster admin to configure it."));
    }
}
