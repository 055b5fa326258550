package dev.modelrollout.reconcile;

import static dev.modelrollout.testing.StubServer.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.testing.CapturedLog;
import dev.modelrollout.testing.StubServer;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On the mock server, which keeps what it is given. */
@EnableKubernetesMockClient(crud = true)
class NoticesTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @SuppressWarnings("NullAway.Init") // the annotation of the class sets it
    private KubernetesClient client;

    private Notices notices;
    private final ModelRollout rollout = new ModelRollout();

    @BeforeEach
    void begin() {
        notices = new Notices(client, Runnable::run, "operator-1");
        rollout.getMetadata().setName("chat");
        rollout.getMetadata().setNamespace("serving");
        rollout.getMetadata().setUid("uid");
    }

    @Test
    void an_event_says_what_stalls_whom() {
        notices.tellStalled(rollout, "RouteMissing", "there is no route", NOON);

        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.getMetadata().getName()).startsWith("chat-");
            assertThat(event.getType()).isEqualTo("Warning");
            assertThat(event.getReason()).isEqualTo("RouteMissing");
            assertThat(event.getAction()).isEqualTo("Hold");
            assertThat(event.getNote()).isEqualTo("there is no route");
            assertThat(event.getEventTime().getTime()).isEqualTo("2026-03-01T12:00:00.000000Z");
            assertThat(event.getReportingController()).isEqualTo("modelrollout.dev/operator");
            assertThat(event.getReportingInstance()).isEqualTo("operator-1");
            assertThat(event.getRegarding().getApiVersion()).isEqualTo("modelrollout.dev/v1alpha1");
            assertThat(event.getRegarding().getKind()).isEqualTo("ModelRollout");
            assertThat(event.getRegarding().getName()).isEqualTo("chat");
            assertThat(event.getRegarding().getNamespace()).isEqualTo("serving");
            assertThat(event.getRegarding().getUid()).isEqualTo("uid");
            assertThat(event.getSeries()).isNull();
        });
    }

    @Test
    void the_same_again_is_a_series_and_anything_else_is_not() {
        for (var i = 0; i < 3; i++) {
            notices.tellStalled(rollout, "RouteMissing", "there is no route", NOON.plusSeconds(i));
        }
        notices.tellStalled(rollout, "RouteMissing", "there is another", NOON);
        notices.tellStalled(rollout, "RouteShape", "there is no route", NOON);
        rollout.getMetadata().setUid("another");
        notices.tellStalled(rollout, "RouteMissing", "there is no route", NOON);

        assertThat(events()).hasSize(4);
        assertThat(events())
                .filteredOn(event -> event.getSeries() != null)
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getSeries().getCount()).isEqualTo(3);
                    assertThat(event.getSeries().getLastObservedTime().getTime())
                            .isEqualTo("2026-03-01T12:00:02.000000Z");
                });
    }

    @Test
    void what_the_api_server_has_forgotten_is_told_anew() {
        notices.tellStalled(rollout, "RouteMissing", "there is no route", NOON);
        client.events().v1().events().inNamespace("serving").delete();
        notices.tellStalled(rollout, "RouteMissing", "there is no route", NOON);
        notices.tellStalled(rollout, "RouteMissing", "there is no route", NOON);

        assertThat(events())
                .singleElement()
                .satisfies(event -> assertThat(event.getSeries().getCount()).isEqualTo(2));
    }

    @Test
    void the_newest_thousand_are_remembered() {
        for (var i = 0; i <= 1_000; i++) {
            notices.tellStalled(rollout, "RouteMissing", "there is no route " + i, NOON);
        }
        notices.tellStalled(rollout, "RouteMissing", "there is no route 0", NOON);
        notices.tellStalled(rollout, "RouteMissing", "there is no route 2", NOON);

        assertThat(events()).hasSize(1_002);
        assertThat(events())
                .filteredOn(event -> event.getSeries() != null)
                .singleElement()
                .satisfies(event -> assertThat(event.getNote()).isEqualTo("there is no route 2"));
    }

    @Test
    void a_note_is_as_long_as_an_event_may_have_it() {
        notices.tellStalled(rollout, "RouteMissing", "x".repeat(1_025), NOON);

        assertThat(events())
                .singleElement()
                .satisfies(event -> assertThat(event.getNote()).isEqualTo("x".repeat(1_000)));
    }

    @Test
    void the_longest_names_are_cut_to_what_an_event_may_have() {
        rollout.getMetadata().setName("n".repeat(253));
        new Notices(client, Runnable::run, "i".repeat(253)).tellStalled(rollout, "RouteMissing", "none", NOON);

        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.getMetadata().getGenerateName()).isEqualTo("n".repeat(200) + "-");
            assertThat(event.getReportingInstance()).isEqualTo("i".repeat(128));
            assertThat(event.getRegarding().getName()).isEqualTo("n".repeat(253));
        });
    }

    @Test
    void what_waits_to_be_written_holds_the_event_alone() {
        var waiting = new ArrayDeque<Runnable>();
        new Notices(client, waiting::add, "operator-1").tellStalled(rollout, "RouteMissing", "there is no route", NOON);
        rollout.getMetadata().setNamespace("elsewhere");

        waiting.remove().run();

        assertThat(events()).hasSize(1);
    }

    @Test
    void while_none_can_be_written_the_newest_thousand_wait() {
        var executor = Notices.oneThread();
        var begun = new CountDownLatch(1);
        var free = new CountDownLatch(1);
        var written = new ArrayList<Integer>();
        executor.execute(() -> {
            begun.countDown();
            await(free);
        });
        await(begun);
        for (var i = 0; i < 1_500; i++) {
            var number = i;
            executor.execute(() -> written.add(number));
        }
        var all = new CountDownLatch(1);
        executor.execute(all::countDown);
        free.countDown();
        await(all);

        assertThat(written).hasSize(999).startsWith(501).endsWith(1_499);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void an_event_that_is_refused_is_lost_and_the_next_is_told() throws IOException {
        try (var server = new StubServer(reply(403, "{\"message\": \"marker\"}", "Content-Type: application/json"));
                var log = new CapturedLog();
                var refused = connected(server)) {
            var its = new Notices(refused, Runnable::run, "operator-1");
            its.tellStalled(rollout, "RouteMissing", "there is no route", NOON);
            its.tellStalled(rollout, "RouteMissing", "there is no route", NOON);

            assertThat(methods(server)).containsExactly("POST", "POST");
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("an Event could not be written: code=403"))
                    .noneMatch(line -> line.contains("marker"));
        }
    }

    @Test
    void one_more_that_cannot_be_counted_is_not_told_anew() throws IOException {
        var event = "{\"apiVersion\": \"events.k8s.io/v1\", \"kind\": \"Event\","
                + " \"metadata\": {\"name\": \"chat-1\", \"namespace\": \"serving\"}}";
        try (var server = new StubServer(connection -> reply(
                                connection.request().startsWith("POST") ? 201 : 500,
                                event,
                                "Content-Type: application/json")
                        .answer(connection));
                var failing = connected(server)) {
            var its = new Notices(failing, Runnable::run, "operator-1");
            its.tellStalled(rollout, "RouteMissing", "there is no route", NOON);
            its.tellStalled(rollout, "RouteMissing", "there is no route", NOON);

            assertThat(methods(server)).containsExactly("POST", "PATCH");
        }
    }

    private static KubernetesClient connected(StubServer server) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withMasterUrl(server.url().toString())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    private static List<String> methods(StubServer server) {
        return server.requests.stream()
                .map(request -> request.substring(0, request.indexOf(' ')))
                .toList();
    }

    private List<Event> events() {
        return client.events().v1().events().inNamespace("serving").list().getItems();
    }
}
