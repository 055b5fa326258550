package dev.modelrollout.traffic.gatewayapi;

import static dev.modelrollout.testing.StubServer.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.testing.StubServer;
import dev.modelrollout.traffic.TrafficRouter;
import dev.modelrollout.traffic.TrafficRouterContract;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a patch or a read that the API server does not take; with the real client and a server of one answer. */
class RefusedWritesTest {

    private static final RolloutPlan PLAN = TrafficRouterContract.plan(
            "serving", new RouteRef(HttpRouteRouter.GROUP, HttpRouteRouter.KIND, "serving", "chat", null));
    private static final RouteView VIEW = new RouteView(
            "uid",
            7,
            List.of(new ManagedRule(
                    0,
                    null,
                    List.of(
                            new Ref(0, "v1", 50, true, Map.of("name", "chat-v1")),
                            new Ref(1, "v2", 50, true, Map.of("name", "chat-v2"))))),
            null,
            null,
            null);

    private final List<GenericKubernetesResource> seen = new ArrayList<>();
    private volatile int status = 200;
    private volatile int ofReads = 200;
    private StubServer server;
    private KubernetesClient client;
    private TrafficRouter router;

    @BeforeEach
    void start() throws IOException {
        server = new StubServer(connection -> reply(
                        connection.request().startsWith("GET") ? ofReads : status,
                        "{\"metadata\": {\"name\": \"chat\", \"resourceVersion\": \"8\"}}",
                        "Content-Type: application/json")
                .answer(connection));
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl(server.url().toString())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        router = new HttpRouteRouter(client, new Seen());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void what_is_taken_is_in_the_cache_at_once() {
        assertThat(router.raise(PLAN, VIEW, new TrafficSplit("v1", "v2", 60))).isTrue();
        assertThat(router.tryLower(PLAN, VIEW, new TrafficSplit("v1", "v2", 10)))
                .isTrue();

        assertThat(seen)
                .hasSize(2)
                .allMatch(route -> route.getMetadata().getResourceVersion().equals("8"));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409, 422})
    void a_route_that_has_changed_is_no_error(int code) {
        status = code;

        assertThat(router.raise(PLAN, VIEW, new TrafficSplit("v1", "v2", 60))).isFalse();
        assertThat(seen).as("what the look after the refused rise has shown").hasSize(1);
        assertThat(router.tryLower(PLAN, VIEW, new TrafficSplit("v1", "v2", 10)))
                .isFalse();
        assertThat(seen).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 429, 500, 503})
    void what_the_api_server_does_not_want_is(int code) {
        status = code;
        List<Predicate<TrafficSplit>> writes =
                List.of(split -> router.raise(PLAN, VIEW, split), split -> router.tryLower(PLAN, VIEW, split));

        for (var write : writes) {
            assertThatThrownBy(() -> write.test(new TrafficSplit("v1", "v2", 10)))
                    .isInstanceOf(KubernetesClientException.class);
        }
        assertThat(server.requests).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 429, 500, 503})
    void a_route_that_may_not_be_read_now_is_not_missing(int code) {
        ofReads = code;

        assertThatThrownBy(() -> router.readFresh(PLAN, Optional.of("v1")))
                .isInstanceOf(KubernetesClientException.class);
    }

    private final class Seen implements RouteCache {

        @Override
        public Optional<GenericKubernetesResource> get(String namespace, String name) {
            return Optional.empty();
        }

        @Override
        public void saw(GenericKubernetesResource route) {
            seen.add(route);
        }
    }
}
