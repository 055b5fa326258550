package dev.modelrollout.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.eclipse.microprofile.health.HealthCheckResponse.Status.DOWN;
import static org.eclipse.microprofile.health.HealthCheckResponse.Status.UP;

import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.WebSocketUpgradeResponse;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WatchGuardTest {

    private static final String ROUTES = "https://api/apis/gateway.networking.k8s.io/v1/httproutes?watch=true";

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final WatchGuard guard = new WatchGuard(() -> now);

    @Test
    void a_watch_is_asked_for_a_short_term() {
        assertThat(asked(ROUTES + "&timeoutSeconds=600&resourceVersion=7"))
                .isEqualTo(ROUTES + "&timeoutSeconds=100&resourceVersion=7");
    }

    @Test
    void other_requests_stay_as_they_are() {
        assertThat(asked("https://api/version?timeoutSeconds=600")).isEqualTo("https://api/version?timeoutSeconds=600");
    }

    @Test
    void a_watch_within_its_term_is_well() {
        opened(ROUTES);
        now = now.plusSeconds(120);

        assertThat(guard.watchesOpen().call().getStatus()).isEqualTo(UP);
        assertThat(guard.watchesAlive().call().getStatus()).isEqualTo(UP);
    }

    @Test
    void a_watch_that_never_ended_makes_the_process_unready_and_then_dead() {
        opened(ROUTES);
        now = now.plusSeconds(170);
        var unready = guard.watchesOpen().call().getStatus();
        var alive = guard.watchesAlive().call().getStatus();
        now = now.plusSeconds(100);

        assertThat(unready).isEqualTo(DOWN);
        assertThat(alive).isEqualTo(UP);
        assertThat(guard.watchesAlive().call().getStatus()).isEqualTo(DOWN);
    }

    @Test
    void a_watch_has_its_term_and_fifty_seconds_more_and_then_ninety_until_it_is_dead() {
        opened(ROUTES);
        now = now.plusSeconds(150);
        assertThat(guard.watchesOpen().call().getStatus()).isEqualTo(UP);
        now = now.plusSeconds(1);
        assertThat(guard.watchesOpen().call().getStatus()).isEqualTo(DOWN);
        now = now.plusSeconds(89);
        assertThat(guard.watchesAlive().call().getStatus()).isEqualTo(UP);
        now = now.plusSeconds(1);
        assertThat(guard.watchesAlive().call().getStatus()).isEqualTo(DOWN);
    }

    @Test
    void a_watch_that_is_refused_is_not_open() {
        opened(ROUTES);
        now = now.plusSeconds(120);
        answered(ROUTES, 403);
        now = now.plusSeconds(50);

        assertThat(guard.watchesOpen().call().getStatus()).isEqualTo(DOWN);
    }

    @Test
    void what_is_no_watch_may_be_asked_once() {
        asked("https://api/version");
        asked("https://api/apis/apps/v1/deployments?limit=1");
        now = now.plusSeconds(1_000);

        assertThat(guard.watchesAlive().call().getStatus()).isEqualTo(UP);
    }

    @Test
    void one_dead_watch_among_good_ones_is_enough() {
        opened(ROUTES);
        now = now.plusSeconds(170);
        opened("https://api/apis/apps/v1/deployments?watch=true");

        assertThat(guard.watchesOpen().call().getStatus()).isEqualTo(DOWN);
    }

    @Test
    void an_api_server_that_is_away_is_no_reason_for_a_restart() {
        opened(ROUTES);
        for (var attempt = 0; attempt < 100; attempt++) {
            now = now.plusSeconds(10);
            asked(ROUTES);
        }

        assertThat(guard.watchesOpen().call().getStatus()).isEqualTo(DOWN);
        assertThat(guard.watchesAlive().call().getStatus()).isEqualTo(UP);
    }

    private void opened(String uri) {
        answered(uri, 101);
    }

    @SuppressWarnings("NullAway") // as the client calls it for a websocket
    private void answered(String uri, int code) {
        asked(uri);
        guard.after(request(uri), new WebSocketUpgradeResponse(request(uri), code), null);
    }

    @SuppressWarnings("NullAway")
    private String asked(String uri) {
        var builder = new StandardHttpRequest.Builder();
        builder.uri(uri);
        guard.before(builder, request(uri), null);
        return builder.build().uri().toString();
    }

    private static HttpRequest request(String uri) {
        return new StandardHttpRequest.Builder().uri(uri).build();
    }
}
