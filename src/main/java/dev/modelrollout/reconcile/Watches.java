package dev.modelrollout.reconcile;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.traffic.gatewayapi.HttpRouteRouter;
import dev.modelrollout.traffic.gatewayapi.RouteCache;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which object wakes which rollout, and what the caches hold. */
final class Watches implements Caches, RouteCache {

    private static final String BY_NAME = "by-name";
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    private final IndexerResourceCache<ModelRollout> rollouts;
    private final InformerEventSource<GenericKubernetesResource, ModelRollout> routes;
    private final InformerEventSource<SlimDeployment, ModelRollout> deployments;
    private final InformerEventSource<EndpointSlice, ModelRollout> endpoints;
    private final Alarm alarm = new Alarm();

    Watches(EventSourceContext<ModelRollout> context) {
        rollouts = context.getPrimaryCache();
        rollouts.addIndexer(BY_NAME, rollout -> names(rollout).toList());
        routes = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(
                                new GroupVersionKind(HttpRouteRouter.GROUP, "v1", HttpRouteRouter.KIND),
                                ModelRollout.class)
                        .withName("routes")
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(route -> woken("route", route))
                        .withPrimaryToSecondaryMapper(Watches::none)
                        .withOnUpdateFilter(Watches::isOtherRoute)
                        .build(),
                context);
        deployments = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(SlimDeployment.class, ModelRollout.class)
                        .withName("deployments")
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(deployment -> woken("deployment", deployment))
                        .withPrimaryToSecondaryMapper(Watches::none)
                        .withOnUpdateFilter((now, before) -> !Objects.equals(now.getSpec(), before.getSpec())
                                || !Objects.equals(now.getStatus(), before.getStatus()))
                        .build(),
                context);
        endpoints = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(EndpointSlice.class, ModelRollout.class)
                        .withName("endpoints")
                        .withNamespacesInheritedFromController()
                        .withLabelSelector(SERVICE_LABEL)
                        .withSecondaryToPrimaryMapper(slice -> serviceOf(slice)
                                .map(name ->
                                        woken("service", slice.getMetadata().getNamespace(), name))
                                .orElse(Set.of()))
                        .withPrimaryToSecondaryMapper(Watches::none)
                        .withOnUpdateFilter((now, before) -> isReady(now) != isReady(before))
                        .build(),
                context);
        endpoints.addIndexer(
                BY_NAME,
                slice -> serviceOf(slice)
                        .map(name -> List.of(slice.getMetadata().getNamespace() + "/" + name))
                        .orElse(List.of()));
    }

    List<EventSource<?, ModelRollout>> sources() {
        return List.of(routes, deployments, endpoints, alarm);
    }

    /** Wakes one rollout. */
    void wake(ResourceID rollout) {
        alarm.ring(rollout);
    }

    @Override
    public void wakeNeighbours(ModelRollout rollout) {
        names(rollout)
                .filter(name -> name.startsWith("route/"))
                .flatMap(name -> rollouts.byIndex(BY_NAME, name).stream())
                .map(ResourceID::fromResource)
                .filter(other -> !other.equals(ResourceID.fromResource(rollout)))
                .forEach(alarm::ring);
    }

    @Override
    public Optional<SlimDeployment> deployment(String namespace, String name) {
        return deployments.get(new ResourceID(name, namespace));
    }

    @Override
    public boolean isReachable(String namespace, String service) {
        return endpoints.byIndex(BY_NAME, namespace + "/" + service).stream().anyMatch(Watches::isReady);
    }

    @Override
    public List<ModelRollout> rolloutsOf(String namespace, String route) {
        return rollouts.byIndex(BY_NAME, key("route", namespace, route));
    }

    @Override
    public Optional<GenericKubernetesResource> get(String namespace, String name) {
        return routes.get(new ResourceID(name, namespace));
    }

    @Override
    public void saw(GenericKubernetesResource route) {
        var id = ResourceID.fromResource(route);
        routes.handleRecentResourceUpdate(id, route, routes.get(id).orElse(route));
    }

    private Set<ResourceID> woken(String kind, HasMetadata seen) {
        return woken(kind, seen.getMetadata().getNamespace(), seen.getMetadata().getName());
    }

    private Set<ResourceID> woken(String kind, String namespace, String name) {
        return rollouts.byIndex(BY_NAME, key(kind, namespace, name)).stream()
                .map(ResourceID::fromResource)
                .collect(Collectors.toSet());
    }

    private static Stream<String> names(ModelRollout rollout) {
        var spec = rollout.getSpec();
        var namespace = rollout.getMetadata().getNamespace();
        var names = new ArrayList<String>();
        if (spec != null && spec.unreadable() == null) {
            names.add(key("route", namespace, spec.route().name()));
            for (var version : spec.versions()) {
                names.add(key("deployment", namespace, version.deployment()));
                names.add(key(
                        "service",
                        namespace,
                        PlanReader.version(version).backend().name()));
            }
        }
        return names.stream();
    }

    private static Optional<String> serviceOf(EndpointSlice slice) {
        return Optional.ofNullable(slice.getMetadata().getLabels()).map(labels -> labels.get(SERVICE_LABEL));
    }

    private static String key(String kind, String namespace, String name) {
        return kind + "/" + namespace + "/" + name;
    }

    private static Set<ResourceID> none(ModelRollout rollout) {
        return Set.of();
    }

    private static boolean isOtherRoute(GenericKubernetesResource now, GenericKubernetesResource before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(parents(now), parents(before));
    }

    private static @Nullable Object parents(GenericKubernetesResource route) {
        return route.get("status", "parents");
    }

    private static boolean isReady(EndpointSlice slice) {
        return slice.getEndpoints() != null
                && slice.getEndpoints().stream()
                        .anyMatch(endpoint -> endpoint.getConditions() == null
                                || !Boolean.FALSE.equals(
                                        endpoint.getConditions().getReady()));
    }

    /** What wakes rollouts that no object has changed for: a new answer. */
    private static final class Alarm extends AbstractEventSource<Void, ModelRollout> {

        private Alarm() {
            super(Void.class, "answers");
        }

        private void ring(ResourceID rollout) {
            if (isRunning()) {
                getEventHandler().handleEvent(new Event(rollout));
            }
        }

        @Override
        public Set<Void> getSecondaryResources(ModelRollout rollout) {
            return Set.of();
        }
    }
}
