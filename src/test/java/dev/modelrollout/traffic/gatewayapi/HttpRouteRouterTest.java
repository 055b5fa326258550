package dev.modelrollout.traffic.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.NeedsApiServer;
import dev.modelrollout.traffic.TrafficRouter;
import dev.modelrollout.traffic.TrafficRouterContract;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTPRoutes on a real API server. */
@NeedsApiServer
class HttpRouteRouterTest extends TrafficRouterContract {

    private final AtomicInteger patches = new AtomicInteger();
    private final Kept cache = new Kept();

    /** So many writes of somebody else come just before one of ours. */
    private int races;

    private ApiServer server;
    private String namespace;
    private KubernetesClient client;
    private TrafficRouter router;

    @BeforeEach
    void createRoute(ApiServer running) {
        server = running;
        server.install(Crds.all());
        namespace = server.newNamespace();
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig()))
                .withHttpClientBuilderConsumer(builder -> builder.addOrReplaceInterceptor("count", new Counter()))
                .build();
        router = new HttpRouteRouter(client, cache);
        server.client()
                .resource(new KubernetesSerialization().unmarshal("""
                    apiVersion: gateway.networking.k8s.io/v1
                    kind: HTTPRoute
                    metadata: {name: chat}
                    spec:
                      parentRefs: [{name: gateway}]
                      rules:
                      - matches: [{path: {type: PathPrefix, value: /status}}]
                        backendRefs: [{name: status, port: 80, weight: 7}]
                      - matches: [{path: {type: PathPrefix, value: /}}]
                        filters: [{type: RequestHeaderModifier, requestHeaderModifier: {remove: [x-debug]}}]
                        backendRefs:
                        - {name: mirror, port: 80, weight: 0}
                        - {name: chat-v1, port: 80, weight: 100}
                        - {name: chat-v2, port: 80, weight: 0}
                      - matches: [{headers: [{name: x-tester, value: "1"}]}]
                        backendRefs: [{name: chat-v2, port: 80}, {name: chat-v3, port: 80}]
                    """, GenericKubernetesResource.class))
                .inNamespace(namespace)
                .create();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void a_decrease_is_sent_again_up_to_five_times() {
        someoneSets(50, 50);
        var view = fresh();
        races = 4;

        assertThat(router.lower(plan(), view, TrafficSplit.all("v1"), () -> true))
                .isTrue();
        assertThat(stored()).containsExactly(100, 0);
        assertThat(patches()).isEqualTo(5);
    }

    @Test
    void a_decrease_gives_way_after_five_times() {
        someoneSets(50, 50);
        var view = fresh();
        races = 5;

        assertThat(router.lower(plan(), view, TrafficSplit.all("v1"), () -> true))
                .isFalse();
        assertThat(patches()).isEqualTo(5);
    }

    @Test
    void what_we_have_read_and_written_is_known_at_once() {
        var read = fresh();
        assertThat(router.read(plan(), Optional.of("v1"))).isEqualTo(read);

        router.raise(plan(), read, new TrafficSplit("v1", "v2", 10));
        assertThat(router.read(plan(), Optional.of("v1"))).isEqualTo(fresh());
    }

    @Override
    protected TrafficRouter router() {
        return router;
    }

    @Override
    protected String namespace() {
        return namespace;
    }

    @Override
    protected RouteRef ref() {
        return new RouteRef(HttpRouteRouter.GROUP, HttpRouteRouter.KIND, namespace, "chat", null);
    }

    @Override
    protected List<Integer> stored() {
        var refs = refs(route().get());
        return List.of("chat-v1", "chat-v2").stream()
                .map(name -> refs.stream()
                        .filter(ref -> name.equals(ref.get("name")))
                        .map(ref -> (Integer) ref.get("weight"))
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    @Override
    protected Object storedElse() {
        var route = route().get();
        refs(route).stream()
                .filter(ref -> String.valueOf(ref.get("name")).startsWith("chat-"))
                .forEach(ref -> ref.remove("weight"));
        return route.getAdditionalProperties();
    }

    @Override
    protected void someoneSets(int v1, int v2) {
        edit(refs -> {
            refs.get(1).put("weight", v1);
            refs.get(2).put("weight", v2);
        });
    }

    @Override
    protected void someoneSwapsTheRefs() {
        edit(refs -> Collections.swap(refs, 1, 2));
    }

    @Override
    protected void someoneRemovesChatV2() {
        edit(refs -> refs.remove(2));
    }

    @Override
    protected void someoneDeletesTheRoute() {
        route().delete();
    }

    @Override
    protected int patches() {
        return patches.get();
    }

    private void edit(Consumer<List<Map<String, Object>>> change) {
        route().edit(route -> {
            change.accept(refs(route));
            return route;
        });
    }

    private Resource<GenericKubernetesResource> route() {
        return server.client()
                .genericKubernetesResources(HttpRouteRouter.API)
                .inNamespace(namespace)
                .withName("chat");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> refs(GenericKubernetesResource route) {
        return (List<Map<String, Object>>) (List<?>) route.<List<?>>get("spec", "rules", 1, "backendRefs");
    }

    private final class Counter implements Interceptor {

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            if (!request.method().equals("GET")) {
                patches.incrementAndGet();
                if (races > 0) {
                    races--;
                    someoneSets(40 - races, 60 + races);
                }
            }
        }
    }

    /** What our own reads and writes have shown; nothing else tells it anything. */
    private static final class Kept implements RouteCache {

        private @Nullable GenericKubernetesResource newest;

        @Override
        public Optional<GenericKubernetesResource> get(String namespace, String name) {
            return Optional.ofNullable(newest);
        }

        @Override
        public void saw(GenericKubernetesResource route) {
            newest = route;
        }
    }
}
