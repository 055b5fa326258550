package dev.modelrollout.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.modelrollout.testing.NeedsPrometheus;
import dev.modelrollout.testing.Prometheus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The alerts in a real Prometheus, which scrapes a made-up operator every second. Pending counts: nobody waits 24 h. */
@NeedsPrometheus
class AlertsFireTest {

    private static final Duration CEILING = Duration.ofSeconds(30);

    @Test
    void every_alert_is_raised_by_its_cause(@TempDir Path folder) throws IOException {
        try (var operator = new MadeUpOperator(scrape -> """
                        modelrollout_phase{namespace="a",name="back",phase="RolledBack"} 1
                        modelrollout_phase{namespace="a",name="halted",phase="Halted"} 1
                        modelrollout_phase{namespace="a",name="stuck",phase="Progressing"} 1
                        modelrollout_weight{namespace="a",name="stuck",version="v2"} 0.1
                        modelrollout_check_verdict{namespace="a",name="blind",check="errors",verdict="Blind"} 1
                        modelrollout_reason{namespace="a",name="ceiling",reason="AtMaxWeight"} 1
                        modelrollout_reason{namespace="a",name="route",reason="RouteNotProgrammed"} 1
                        modelrollout_reason{namespace="a",name="drifted",reason="Drifted"} 1
                        modelrollout_reason{namespace="a",name="poison",reason="Unreadable"} 1
                        modelrollout_source_requests_total{provider="default",outcome="Answered"} %d
                        modelrollout_source_requests_total{provider="default",outcome="Timeout"} %d
                        """.formatted(scrape, 2 * scrape));
                var prometheus = Prometheus.start(folder, scraping(operator, "another", folder))) {

            await().atMost(CEILING).until(() -> raised(prometheus).size() == 10);

            assertThat(raised(prometheus))
                    .containsExactlyInAnyOrder(
                            "ModelRolloutRolledBack",
                            "ModelRolloutHalted",
                            "ModelRolloutBlind",
                            "ModelRolloutStuckInStep",
                            "ModelRolloutAtMaxWeight",
                            "ModelRolloutRouteNotProgrammed",
                            "ModelRolloutDrifted",
                            "ModelRolloutUnreadable",
                            "ModelRolloutProviderFailing",
                            "ModelRolloutOperatorDown");
        }
    }

    @Test
    void no_alert_is_raised_while_a_rollout_climbs(@TempDir Path folder) throws IOException {
        try (var operator = new MadeUpOperator(scrape -> """
                        modelrollout_phase{namespace="a",name="chat",phase="RolledBack"} 0
                        modelrollout_phase{namespace="a",name="chat",phase="Progressing"} 1
                        modelrollout_weight{namespace="a",name="chat",version="v2"} 0.%d
                        modelrollout_check_verdict{namespace="a",name="chat",check="errors",verdict="Blind"} 0
                        modelrollout_reason{namespace="a",name="chat",reason="AtMaxWeight"} 0
                        modelrollout_reason{namespace="a",name="chat",reason="Progressing"} 1
                        modelrollout_source_requests_total{provider="default",outcome="Answered"} %d
                        modelrollout_source_requests_total{provider="default",outcome="NoData"} %d
                        modelrollout_source_requests_total{provider="default",outcome="Timeout"} %d
                        """.formatted(scrape, 2 * scrape, 2 * scrape, scrape));
                var prometheus = Prometheus.start(folder, scraping(operator, "modelrollout", folder))) {

            await().atMost(CEILING)
                    .until(() -> !prometheus
                            .query("changes(modelrollout_weight[1m]) > 2 and on () count(up) == 1")
                            .isEmpty());

            assertThat(raised(prometheus)).isEmpty();
        }
    }

    /** The names of the alerts that are pending or firing. */
    private static Set<String> raised(Prometheus prometheus) {
        return StreamSupport.stream(prometheus.get("alerts").path("alerts").spliterator(), false)
                .map(alert -> alert.path("labels").path("alertname").asText())
                .collect(Collectors.toSet());
    }

    private static String scraping(MadeUpOperator operator, String job, Path folder) throws IOException {
        Files.copy(Chart.FOLDER.resolve("files/alerts.yaml"), folder.resolve("alerts.yaml"));
        return """
                global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
                rule_files: [alerts.yaml]
                scrape_configs:
                - job_name: %s
                  honor_labels: true
                  static_configs: [{targets: ['%s']}]
                """.formatted(job, operator.address());
    }

    /** Answers each scrape with what this scrape should see; the first is 1. */
    private static final class MadeUpOperator implements AutoCloseable {

        private final HttpServer server;

        MadeUpOperator(IntFunction<String> exposition) throws IOException {
            var scrapes = new AtomicInteger();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/metrics", exchange -> {
                var body = exposition.apply(scrapes.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
        }

        String address() {
            return "127.0.0.1:" + server.getAddress().getPort();
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
