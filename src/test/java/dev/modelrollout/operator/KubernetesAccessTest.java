package dev.modelrollout.operator;

import static dev.modelrollout.testing.StubServer.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelrollout.testing.StubServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.informers.ExceptionHandler;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.quarkus.runtime.ShutdownEvent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client of the process, with all that stands between it and the API server. */
class KubernetesAccessTest {

    private static final ConfigMap ANY = new ConfigMapBuilder()
            .withNewMetadata()
            .withName("any")
            .endMetadata()
            .build();

    private Duration limit = KubernetesAccess.TIMEOUT;
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final RetryAfter retryAfter = new RetryAfter(() -> now);
    private final WatchGuard guard = new WatchGuard(() -> now);
    private final KubernetesSerialization serialization =
            new KubernetesAccess().serialization(new ObjectMapper(), new Class<?>[0]);

    @Test
    void a_write_is_as_young_as_its_round() {
        var config = new ConfigBuilder().build();
        new KubernetesAccess().customize(config);

        assertThat(config.getRequestTimeout()).isEqualTo(5_000);
        assertThat(config.getConnectionTimeout()).isEqualTo(5_000);
        assertThat(config.getRequestRetryBackoffLimit()).isEqualTo(1);
        assertThat(config.getWatchReconnectInterval()).isEqualTo(100);
        assertThat(config.getUserAgent()).startsWith("modelrollout-operator/");
    }

    @Test
    void it_hears_how_long_to_wait() throws Exception {
        try (var server = new StubServer(reply(429, "{}", "Content-Type: application/json", "Retry-After: 7"));
                var client = client(server)) {
            assertThatThrownBy(() -> client.configMaps().withName("any").get())
                    .isInstanceOf(KubernetesClientException.class);
        }

        assertThat(retryAfter.left("ns")).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void it_writes_as_long_as_it_leads() throws Exception {
        var lease = new LeaseBuilder()
                .withNewMetadata()
                .withName("it")
                .withResourceVersion("1")
                .endMetadata()
                .build();
        try (var server = new StubServer(
                        reply(200, "{\"metadata\": {\"resourceVersion\": \"1\"}}", "Content-Type: application/json"));
                var client = client(server)) {
            client.leases().withName("it").get();
            client.leases().resource(lease).update();
            now = now.plusSeconds(11);
            var before = server.requests.size();

            assertThatThrownBy(() -> client.configMaps().resource(ANY).create())
                    .isInstanceOf(KubernetesClientException.class);
            assertThat(server.requests).hasSize(before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/namespaces/ns/configmaps/any, 5",
        "GET, /apis/apps/v1/namespaces/ns/deployments/chat, 5",
        "POST, /api/v1/namespaces/ns/configmaps, 5",
        "GET, /api/v1/namespaces/ns/configmaps, 60",
        "GET, /apis/apps/v1/namespaces/ns/deployments, 60",
        "GET, /apis/apps/v1/deployments, 60",
        "GET, /k8s/clusters/it/apis/apps/v1/deployments, 60"
    })
    void an_answer_has_five_seconds_and_a_list_a_minute(String method, URI path, int seconds) {
        var request = new StandardHttpRequest.Builder()
                .method(method, null, null)
                .uri(path)
                .build();

        assertThat(new AnswerLimit().limitOf(request)).hasSeconds(seconds);
    }

    @TestFactory
    Stream<DynamicTest> an_answer_that_stops_in_the_middle_is_a_failure() {
        limit = Duration.ofMillis(50);
        return Stream.<Map.Entry<String, Consumer<KubernetesClient>>>of(
                        Map.entry("GET", its -> its.configMaps().withName("any").get()),
                        Map.entry("LIST", its -> its.configMaps().list()),
                        Map.entry("POST", its -> its.resource(ANY).create()),
                        Map.entry("PATCH", its -> its.resource(ANY).patch(PatchContext.of(PatchType.JSON), "[]")))
                .map(call -> dynamicTest(call.getKey(), () -> {
                    try (var server = new StubServer(KubernetesAccessTest::stops);
                            var client = client(server)) {
                        assertThatThrownBy(() -> call.getValue().accept(client))
                                .isInstanceOf(KubernetesClientException.class)
                                .hasCauseInstanceOf(TimeoutException.class);
                        assertThat(server.requests).hasSize(1);
                        assertThat(server.wasHungUpOn()).isTrue();
                    }
                }));
    }

    private static void stops(StubServer.Connection connection) throws IOException, InterruptedException {
        connection.head(200, "Content-Length: 5000", "Content-Type: application/json");
        connection.write("{\"metadata\": {");
        connection.pause(1_000);
        while (connection.pause(10)) {
            connection.write(" ");
        }
    }

    @Test
    void its_watches_are_guarded() throws Exception {
        try (var server = new StubServer(reply(500, "{}", "Content-Type: application/json"));
                var client = client(server)) {
            assertThatThrownBy(() -> client.configMaps().watch(new Unheard()))
                    .isInstanceOf(KubernetesClientException.class);
        }

        assertThat(guard.watchesAlive().call().getData().orElseThrow())
                .containsOnlyKeys("/api/v1/namespaces/ns/configmaps");
    }

    private static final class Unheard implements Watcher<ConfigMap> {

        @Override
        public void eventReceived(Action action, ConfigMap object) {}

        @Override
        public void onClose(WatcherException cause) {}
    }

    @Test
    void it_reads_as_the_process_does() throws Exception {
        try (var server = new StubServer(reply(200, "{}", "Content-Type: application/json"));
                var client = client(server)) {
            assertThat(client.getKubernetesSerialization()).isSameAs(serialization);
        }
    }

    @Test
    void what_cannot_be_read_is_not_quoted() {
        var garbled = new ByteArrayInputStream("{\"metadata\": marker}".getBytes(UTF_8));

        assertThatThrownBy(() -> serialization.unmarshal(garbled, ConfigMap.class))
                .isInstanceOf(KubernetesClientException.class)
                .hasNoCause()
                .hasMessageNotContaining("marker");
    }

    @Test
    void a_list_or_a_watch_that_is_garbled_is_read_again() throws Exception {
        var maps = "/api/v1/namespaces/ns/configmaps";
        var watch = maps + "?allowWatchBookmarks=true&resourceVersion=1&timeoutSeconds=100&watch=true";
        var server = new KubernetesMockServer(false);
        server.start();
        for (var list : List.of(maps + "?resourceVersion=0", maps)) {
            server.expect()
                    .get()
                    .withPath(list)
                    .andReturn(200, "{\"items\": [{")
                    .once();
            server.expect()
                    .get()
                    .withPath(list)
                    .andReturn(200, "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": []}")
                    .always();
        }
        server.expect()
                .get()
                .withPath(watch)
                .andUpgradeToWebSocket()
                .open("{\"type\": \"ADDED\", \"object\": {\"kind\"")
                .done()
                .once();
        server.expect()
                .get()
                .withPath(watch)
                .andUpgradeToWebSocket()
                .open(new WatchEvent(ANY, "ADDED"))
                .done()
                .always();
        var seen = new CountDownLatch(1);
        try (var client = client(server.url("/"));
                var informer = client.configMaps().inNamespace("ns").runnableInformer(0)) {
            informer.exceptionHandler((started, failure) -> !ExceptionHandler.isDeserializationException(failure))
                    .addEventHandler(new Seen(seen))
                    .start();

            assertThat(seen.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            server.destroy();
        }
    }

    private record Seen(CountDownLatch seen) implements ResourceEventHandler<ConfigMap> {

        @Override
        public void onAdd(ConfigMap object) {
            seen.countDown();
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap now) {}

        @Override
        public void onDelete(ConfigMap object, boolean isOld) {}
    }

    @Test
    void who_has_stopped_listening_ends() throws Exception {
        var ended = new AtomicInteger();
        var leadership = new Leadership(Path.of("none"), ended::incrementAndGet);
        var listening = new KubernetesAccess().listening(leadership);
        try (var server = new StubServer(reply(200, "{}", "Content-Type: application/json"));
                var client = client(server);
                var informer = client.configMaps().runnableInformer(0)) {
            listening.onStop(informer, null);
            assertThat(ended).hasValue(0);
            listening.onStop(informer, new IllegalStateException());
            assertThat(ended).hasValue(1);
            leadership.onStop(new ShutdownEvent());
            listening.onStop(informer, new IllegalStateException());
            assertThat(ended).hasValue(1);
        }
    }

    private KubernetesClient client(StubServer server) {
        return client(server.url().toString());
    }

    private KubernetesClient client(String url) {
        var config = new ConfigBuilder()
                .withMasterUrl(url)
                .withWatchReconnectInterval(10)
                .withNamespace("ns")
                .withRequestRetryBackoffLimit(0)
                .build();
        return new KubernetesAccess()
                .client(
                        config,
                        serialization,
                        guard,
                        retryAfter,
                        new LeaseFence(() -> now, task -> {}, new Leadership()),
                        new AnswerLimit(limit));
    }

    @Test
    void what_a_newer_api_server_says_is_no_reason_to_stop() throws Exception {
        var json = new ObjectMapper();
        new KubernetesAccess().customize(json);
        var meta = json.readValue(
                "{\"name\": \"it\", \"later\": 1, \"managedFields\": [{\"manager\": \"someone\"}]}", ObjectMeta.class);

        assertThat(meta.getName()).isEqualTo("it");
        assertThat(meta.getManagedFields()).isEmpty();
        assertThat(json.readValue("\"Later\"", Kind.class)).isNull();
    }

    private enum Kind {
        Known
    }
}
