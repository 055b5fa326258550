package dev.modelrollout.traffic.gatewayapi;

import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.rollout.Trouble;
import dev.modelrollout.traffic.TrafficRouter;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.net.HttpURLConnection;
import java.util.Optional;

/** The weights of an HTTPRoute. */
public final class HttpRouteRouter implements TrafficRouter {

    /** Group of the routes. */
    public static final String GROUP = "gateway.networking.k8s.io";
    /** Kind of the routes. */
    public static final String KIND = "HTTPRoute";

    private static final String VERSION = "v1";
    /** The routes' API. */
    public static final ResourceDefinitionContext API = new ResourceDefinitionContext.Builder()
            .withGroup(GROUP)
            .withVersion(VERSION)
            .withKind(KIND)
            .withPlural("httproutes")
            .withNamespaced(true)
            .build();

    private static final int REFUSED = 422;

    private final KubernetesClient client;
    private final RouteCache cache;

    /** Reads from the cache, and reads and writes through the client. */
    public HttpRouteRouter(KubernetesClient client, RouteCache cache) {
        this.client = client;
        this.cache = cache;
    }

    @Override
    public boolean handles(RouteRef ref) {
        return ref.group().equals(GROUP) && ref.kind().equals(KIND);
    }

    @Override
    public String kind() {
        return GROUP + "/" + KIND;
    }

    @Override
    public RouteView read(RolloutPlan plan, Optional<String> live) {
        return view(cache.get(plan.namespace(), plan.route().name()), plan, live);
    }

    @Override
    public RouteView readFresh(RolloutPlan plan, Optional<String> live) {
        var route = Optional.ofNullable(resource(plan).get());
        route.ifPresent(cache::saw);
        return view(route, plan, live);
    }

    @Override
    public boolean raise(RolloutPlan plan, RouteView view, TrafficSplit split) {
        // Sent again because the first answer was lost, it is refused by what it has done itself.
        return patch(plan, WeightPatch.raise(view, split))
                || readFresh(plan, Optional.of(split.stable())).serves(split);
    }

    @Override
    public boolean tryLower(RolloutPlan plan, RouteView view, TrafficSplit split) {
        return patch(plan, WeightPatch.lower(view, split));
    }

    private boolean patch(RolloutPlan plan, String patch) {
        try {
            cache.saw(resource(plan).patch(PatchContext.of(PatchType.JSON), patch));
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == REFUSED
                    || e.getCode() == HttpURLConnection.HTTP_CONFLICT
                    || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** With an object in hand: by name alone the client would read the route again before each patch. */
    private Resource<GenericKubernetesResource> resource(RolloutPlan plan) {
        var named = new GenericKubernetesResourceBuilder()
                .withApiVersion(GROUP + "/" + VERSION)
                .withKind(KIND)
                .withNewMetadata()
                .withNamespace(plan.namespace())
                .withName(plan.route().name())
                .endMetadata()
                .build();
        return client.genericKubernetesResources(API).resource(named);
    }

    private static RouteView view(Optional<GenericKubernetesResource> route, RolloutPlan plan, Optional<String> live) {
        return route.map(found -> new HttpRouteReader(found, plan, live).view())
                .orElseGet(() -> RouteView.unseen(new Trouble(
                        Reason.ROUTE_MISSING,
                        plan.route().text() + " does not exist in namespace " + plan.namespace()
                                + ". Create it, or set spec.route.name to the route that serves these versions.")));
    }
}
