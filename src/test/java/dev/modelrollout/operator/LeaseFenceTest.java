package dev.modelrollout.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelrollout.testing.StubServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** With the real client, and a server that takes everything or, when told to, nothing. */
class LeaseFenceTest {

    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private volatile int status = 200;
    private volatile Duration slowness = Duration.ZERO;
    private final Queue<Runnable> later = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ended = new AtomicInteger();
    private StubServer server;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        server = new StubServer(connection -> {
            now = now.plus(slowness);
            StubServer.reply(status, "{\"metadata\": {\"resourceVersion\": \"1\"}}", "Content-Type: application/json")
                    .answer(connection);
        });
        var leadership = new Leadership(Path.of("none"), ended::incrementAndGet);
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl(server.url().toString())
                        .withNamespace("ns")
                        .withRequestRetryBackoffLimit(1)
                        .build())
                .withHttpClientBuilderConsumer(builder ->
                        builder.addOrReplaceInterceptor("lease", new LeaseFence(() -> now, later::add, leadership)))
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void a_leader_writes() {
        renew();
        now = now.plusSeconds(10);

        write();

        assertThat(written()).hasSize(1);
    }

    @TestFactory
    Stream<DynamicTest> a_leader_whose_lease_is_out_writes_nothing() {
        var any = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("any")
                .withResourceVersion("1")
                .endMetadata()
                .build();
        return Stream.<Map.Entry<String, Consumer<Resource<ConfigMap>>>>of(
                        Map.entry("POST", Resource::create),
                        Map.entry("PUT", Resource::update),
                        Map.entry("PATCH", its -> its.patch(PatchContext.of(PatchType.JSON_MERGE))),
                        Map.entry("DELETE", Resource::delete))
                .map(write -> dynamicTest(write.getKey(), () -> {
                    renew();
                    write.getValue().accept(client.resource(any));
                    assertThat(server.requests).anyMatch(request -> request.startsWith(write.getKey()));
                    now = now.plusSeconds(11);
                    var before = server.requests.size();

                    assertThatThrownBy(() -> write.getValue().accept(client.resource(any)))
                            .isInstanceOf(KubernetesClientException.class);

                    assertThat(server.requests.subList(before, server.requests.size()))
                            .allMatch(request -> request.startsWith("GET"));
                }));
    }

    @Test
    void a_refused_write_is_not_repeated_by_a_leader_whose_lease_is_out_meanwhile() {
        renew();
        now = now.plusSeconds(9);
        status = 500;
        slowness = Duration.ofSeconds(4);

        assertThatThrownBy(this::write).isInstanceOf(KubernetesClientException.class);

        assertThat(written()).hasSize(1);
    }

    @Test
    void it_may_still_read() {
        renew();
        now = now.plusSeconds(11);

        assertThat(client.configMaps().withName("any").get()).isNotNull();
    }

    @Test
    void a_renewal_counts_from_when_the_lease_was_read() {
        read();
        now = now.plusSeconds(6);
        update();
        now = now.plusSeconds(5);

        assertThatThrownBy(this::write).isInstanceOf(KubernetesClientException.class);
    }

    @Test
    void a_renewal_that_was_refused_is_none() {
        renew();
        now = now.plusSeconds(9);
        read();
        status = 409;
        assertThatThrownBy(this::update).isInstanceOf(KubernetesClientException.class);
        status = 200;
        now = now.plusSeconds(2);

        assertThatThrownBy(this::write).isInstanceOf(KubernetesClientException.class);
    }

    @Test
    void to_look_at_the_lease_renews_nothing() {
        renew();
        now = now.plusSeconds(11);
        read();

        assertThatThrownBy(this::write).isInstanceOf(KubernetesClientException.class);
    }

    @Test
    void a_lease_that_is_renewed_again_lets_writes_out_again() {
        renew();
        now = now.plusSeconds(11);
        renew();

        write();

        assertThat(written()).hasSize(1);
    }

    @Test
    void a_leader_whose_lease_is_out_ends_whatever_the_election_waits_for() {
        renew();
        now = now.plusSeconds(2);
        renew();

        later.remove().run();
        assertThat(ended).hasValue(0);
        later.remove().run();
        assertThat(ended).hasValue(1);
    }

    @Test
    void a_lease_is_out_when_its_time_has_passed() {
        var begun = System.nanoTime();
        var out = CompletableFuture.supplyAsync(System::nanoTime, LeaseFence.delayedBy(Duration.ofMillis(50)));

        assertThat(out)
                .succeedsWithin(Duration.ofSeconds(30))
                .satisfies(end -> assertThat(end - begun).isGreaterThanOrEqualTo(50_000_000));
    }

    @Test
    void who_is_no_leader_is_not_held_up() {
        now = now.plusSeconds(1000);

        write();

        assertThat(written()).hasSize(1);
        assertThat(later).isEmpty();
    }

    private void renew() {
        read();
        update();
    }

    private void read() {
        client.leases().withName("lease").get();
    }

    private void update() {
        client.resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName("lease")
                        .endMetadata()
                        .build())
                .patch(PatchContext.of(PatchType.JSON_MERGE));
    }

    private void write() {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("any")
                        .endMetadata()
                        .build())
                .create();
    }

    private List<String> written() {
        return server.requests.stream()
                .filter(request -> request.startsWith("POST"))
                .toList();
    }
}
