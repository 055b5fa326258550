package dev.modelrollout.reconcile;

import static dev.modelrollout.reconcile.EvidenceTest.evidence;
import static dev.modelrollout.reconcile.EvidenceTest.increase;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Experience;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.HistoryEntry;
import dev.modelrollout.metrics.prometheus.PrometheusProvider;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.NeedsApiServer;
import dev.modelrollout.testing.NeedsPrometheus;
import dev.modelrollout.testing.Prometheus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus that goes away, comes back with or without its data, and loses its targets. */
@Tag("e2e")
@NeedsApiServer
@NeedsPrometheus
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrometheusOutageTest {

    private static final Duration HOLD = Duration.ofSeconds(30);
    private static final Duration SETTLED = Duration.ofSeconds(5);
    private static final Duration AWAY = Duration.ofSeconds(4);
    private static final String SELECTED = "{namespace=\"$namespace\",pod=~\"$pods\"}";

    private static final String CHECKS = """
            analysis: {interval: 1s, warmup: 0s, checks: [
              {name: counts, max: 5%%, counts: {bad: 'sum by (job, pod, instance) (bad_total%1$s)',
                total: 'sum by (job, pod, instance) (requests_total%1$s)'}},
              {name: processes, max: "9", failures: 1, query: 'count(requests_total%1$s)'}%2$s]}""";

    private Supplied emptied;
    private Scraped scraped;

    @BeforeAll
    void rise(ApiServer server, @TempDir Path folder) throws IOException {
        emptied = new Supplied(new Town(server), Files.createDirectory(folder.resolve("emptied")), Duration.ofHours(1));
        scraped = new Scraped(new Town(server), Files.createDirectory(folder.resolve("scraped")));
    }

    @AfterAll
    void end() {
        emptied.close();
        scraped.close();
    }

    @Test
    void an_outage_freezes_the_weight_and_what_is_filled_in_later_counts_once(ApiServer server, @TempDir Path folder)
            throws IOException {
        try (var resumed = new Supplied(new Town(server), folder, HOLD)) {
            isOutlasted(resumed);
        }
    }

    private static void isOutlasted(Supplied resumed) throws IOException {
        var town = resumed.town;
        var stored = town.awaitStatus(PrometheusOutageTest::hasCounted);
        resumed.goAway();
        var blind = awaitUnreachable(town);
        var from = Instant.now();
        until(from.plus(AWAY));
        var to = Instant.now();
        resumed.comeBack();
        var later = pausedAfter(resumed, to);
        town.applyChat("v2", resumed.fields());
        var live = town.awaitReason("Live");

        assertThat(blind.weight()).isEqualTo(25);
        assertThat(increase(stored, later, Experience::candidate)).isEqualTo(happened(town, "v2", stored, later));
        assertThat(increase(stored, later, Experience::stable)).isEqualTo(happened(town, "v1", stored, later));
        assertThat(town.weights()).containsExactly(0, 25, 100);
        assertThat(Duration.between(moved(live, 25), moved(live, 100)))
                .isGreaterThan(HOLD.plus(Duration.between(from, to)));
    }

    @Test
    void a_prometheus_that_has_lost_its_data_makes_no_candidate_worse() throws IOException {
        var town = emptied.town;
        var stored = town.awaitStatus(PrometheusOutageTest::hasCounted);
        emptied.goAway();
        awaitUnreachable(town);
        emptied.comeBackEmpty();
        var later = pausedAfter(emptied, Instant.now());

        assertThat(increase(stored, later, Experience::candidate)).isEqualTo(happened(town, "v2", stored, later));
        assertThat(town.weights()).containsExactly(0, 25);
    }

    @Test
    void targets_that_are_down_are_blindness_of_stable_and_missing_traffic_of_the_candidate() {
        var town = scraped.town;
        town.awaitStatus(seen -> says(seen, "preset", null) && hasCounted(seen));
        scraped.down.add("v2-a");
        town.awaitStatus(seen -> says(seen, "preset", "Coverage") && says(seen, "counts", null));
        scraped.down.clear();
        town.awaitStatus(seen -> says(seen, "preset", null));
        scraped.down.addAll(Set.of("v1-a", "v1-b"));
        town.awaitStatus(seen -> says(seen, "preset", "NoData") && says(seen, "counts", "NoData"));
        scraped.down.clear();
        town.awaitStatus(seen -> says(seen, "preset", null) && says(seen, "counts", null));
        var weights = town.weights();
        scraped.down.addAll(Set.of("v2-a", "v2-b"));
        town.awaitReason("TrafficMissing");

        assertThat(weights).containsExactly(0, 25);
        assertThat(town.weights()).containsExactly(0, 25, 0);
    }

    private static ModelRolloutStatus awaitUnreachable(Town town) {
        return town.awaitStatus(seen -> says(seen, "counts", "Unreachable") && says(seen, "processes", "Unreachable"));
    }

    /** A pause writes the evidence as it stands: once ticks after that time have settled. */
    private static ModelRolloutStatus pausedAfter(Supplied supplied, Instant at) {
        var town = supplied.town;
        town.awaitStatus(seen -> says(seen, "counts", null) && says(seen, "processes", null));
        until(at.plus(SETTLED));
        town.applyChat(
                "v2",
                Stream.concat(Stream.of(supplied.fields()), Stream.of("paused: true"))
                        .toArray(String[]::new));
        return town.awaitStatus(seen ->
                Town.reasonOf(seen).equals("Paused") && evidence(seen).last().isAfter(at));
    }

    private static void until(Instant time) {
        await().atMost(Town.CEILING).until(() -> Instant.now().isAfter(time));
    }

    private static boolean hasCounted(ModelRolloutStatus seen) {
        return StatusReader.orEmpty(seen.checks()).stream()
                .anyMatch(check -> check.name().equals("counts") && check.candidate() != null);
    }

    private static boolean says(ModelRolloutStatus seen, String check, @Nullable String blind) {
        return StatusReader.orEmpty(seen.checks()).stream()
                .filter(its -> its.name().equals(check))
                .map(CheckStatus::blind)
                .map(String::valueOf)
                .anyMatch(String.valueOf(blind)::equals);
    }

    private static Counts happened(Town town, String version, ModelRolloutStatus before, ModelRolloutStatus after) {
        return town.traffic()
                .between(version, evidence(before).last(), evidence(after).last());
    }

    private static Instant moved(ModelRolloutStatus seen, int weight) {
        return StatusReader.orEmpty(seen.history()).stream()
                .filter(move -> Integer.valueOf(weight).equals(move.weight()))
                .map(HistoryEntry::at)
                .map(Instant::parse)
                .findFirst()
                .orElseThrow();
    }

    /** By metric, version and pod, what the two metrics of each pod showed then. */
    private static double shown(Town town, String metric, String version, String pod, Instant at) {
        var question = new Question("", metric + " chat-" + version, Duration.ofSeconds(1), Question.Form.COUNTERS);
        return town
                .traffic()
                .answer(question, at)
                .<Map<Series, Double>>fold(value -> Map.of(), Answer.Counters::values, why -> Map.of())
                .entrySet()
                .stream()
                .filter(entry -> entry.getKey().instance().equals(pod))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static Map<String, String> labels(Town town, String version, String pod) {
        return Map.of(
                "namespace",
                town.namespace(),
                "job",
                "serving",
                "instance",
                pod,
                "pod",
                "chat-" + version + "-6d4cf56db6-" + (pod.equals("a") ? "bbbbb" : "ccccc"));
    }

    private static void startAndRise(Town town, URI prometheus, String... fields) {
        town.startOperator(new PrometheusProvider(
                        "default", prometheus, Duration.ofSeconds(1), null, null, null, null, null, null, Map.of())
                .open(InstantSource.system(), "1.2.3"));
        town.applyChat("v1", fields);
        town.awaitReason("Live");
        town.applyChat("v2", fields);
        town.awaitWeight(25);
    }

    /** Its samples are sent to it each second; while it is away they are kept. */
    private static final class Supplied implements AutoCloseable {

        private final Town town;
        private final Path folder;
        private final Duration hold;
        private final URI url;
        private final ScheduledExecutorService supplier = Executors.newSingleThreadScheduledExecutor();
        private Instant next = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(30);
        private @Nullable Prometheus prometheus;

        Supplied(Town town, Path folder, Duration hold) throws IOException {
            this.town = town;
            this.hold = hold;
            this.folder = folder;
            prometheus = Prometheus.start(folder, "");
            url = prometheus.url();
            var unused = supplier.scheduleAtFixedRate(this::supply, 0, 200, TimeUnit.MILLISECONDS);
            startAndRise(town, url, fields());
        }

        String[] fields() {
            return new String[] {
                CHECKS.formatted(SELECTED, "").replace("\n", "\n  "),
                "steps: [{weight: 25, hold: %ds}]".formatted(hold.toSeconds())
            };
        }

        private synchronized void supply() {
            if (prometheus != null) {
                for (; next.isBefore(Instant.now()); next = next.plusSeconds(1)) {
                    prometheus.write(samples(next));
                }
            }
        }

        private Map<Map<String, String>, Map<Instant, Double>> samples(Instant at) {
            var samples = new HashMap<Map<String, String>, Map<Instant, Double>>();
            for (var metric : List.of("bad_total", "requests_total")) {
                for (var version : List.of("v1", "v2")) {
                    for (var pod : List.of("a", "b")) {
                        var labels = new HashMap<>(labels(town, version, pod));
                        labels.put("__name__", metric);
                        samples.put(labels, Map.of(at, shown(town, metric, version, pod, at)));
                    }
                }
            }
            return samples;
        }

        synchronized void goAway() {
            if (prometheus != null) {
                prometheus.close();
                prometheus = null;
            }
        }

        synchronized void comeBack() throws IOException {
            prometheus = Prometheus.start(folder, "", url);
            supply();
        }

        synchronized void comeBackEmpty() throws IOException {
            next = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            prometheus = Prometheus.start(Files.createDirectory(folder.resolve("anew")), "", url);
        }

        @Override
        public void close() {
            supplier.shutdownNow();
            town.close();
            goAway();
        }
    }

    /** It scrapes each pod, unless that is down. */
    private static final class Scraped implements AutoCloseable {

        private static final List<String> PODS = List.of("v1-a", "v1-b", "v2-a", "v2-b");

        private final Town town;
        private final Set<String> down = ConcurrentHashMap.newKeySet();
        private final HttpServer pods;
        private final Prometheus prometheus;

        Scraped(Town town, Path folder) throws IOException {
            this.town = town;
            pods = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            PODS.forEach(pod -> pods.createContext("/" + pod, exchange -> {
                var body = exposition(pod).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
                exchange.sendResponseHeaders(down.contains(pod) ? 503 : 200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            }));
            pods.start();
            prometheus = Prometheus.start(
                    folder,
                    "global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n"
                            + PODS.stream().map(this::target).collect(Collectors.joining()));
            var preset = ", {name: preset, max: 5%, preset: triton/errors}";
            startAndRise(
                    town,
                    prometheus.url(),
                    CHECKS.formatted(SELECTED, preset).replace("\n", "\n  "),
                    "steps: [{weight: 25, hold: 1h}]");
        }

        private String target(String pod) {
            var labels = labels(town, pod.substring(0, 2), pod.substring(3)).entrySet().stream()
                    .map(label -> label.getKey() + ": " + label.getValue())
                    .collect(Collectors.joining(", ", "{", "}"));
            return """
                    - job_name: %1$s
                      metrics_path: /%1$s
                      static_configs: [{targets: ['127.0.0.1:%2$d'], labels: %3$s}]
                    """.formatted(pod, pods.getAddress().getPort(), labels);
        }

        private String exposition(String pod) {
            var now = Instant.now();
            var bad = shown(town, "bad_total", pod.substring(0, 2), pod.substring(3), now);
            var all = shown(town, "requests_total", pod.substring(0, 2), pod.substring(3), now);
            return """
                    bad_total %1$s
                    requests_total %2$s
                    nv_inference_request_failure{reason="OTHER"} %1$s
                    nv_inference_request_success %3$s
                    """.formatted(bad, all, all - bad);
        }

        @Override
        public void close() {
            town.close();
            prometheus.close();
            pods.stop(0);
        }
    }
}
