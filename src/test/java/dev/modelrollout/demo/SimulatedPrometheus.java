package dev.modelrollout.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A simulation of Prometheus: it speaks the HTTP API of instant queries, but understands one query only, {@link #QUERY}.
 * The numbers are real: it samples the counters of the toy models, as a scrape would.
 */
final class SimulatedPrometheus implements AutoCloseable {

    /** The share of failed requests in the last 2 s, 0..1. */
    static final String QUERY = "sum(rate(http_requests_total{deployment=\"$deployment\",code=~\"5..\"}[2s]))"
            + " / sum(rate(http_requests_total{deployment=\"$deployment\"}[2s]))";

    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final Duration SCRAPE = Duration.ofMillis(100);

    private final HttpServer server = Servers.server();
    private final Supplier<Map<String, Counters>> targets;
    private final Map<String, Deque<Sample>> samples = new ConcurrentHashMap<>();
    private final List<Given> given = new CopyOnWriteArrayList<>();
    private volatile boolean away;

    private record Sample(Instant at, Counters counters) {}

    /** One answer: the share of failed requests, 0..1, or NaN. */
    record Given(Instant at, String deployment, double value) {}

    private SimulatedPrometheus(Supplier<Map<String, Counters>> targets) {
        this.targets = targets;
    }

    /** {@code targets} gives the counters of each Deployment. */
    static SimulatedPrometheus start(Supplier<Map<String, Counters>> targets, ScheduledExecutorService clockwork) {
        var prometheus = new SimulatedPrometheus(targets);
        var unused = clockwork.scheduleAtFixedRate(prometheus::scrape, 0, SCRAPE.toMillis(), TimeUnit.MILLISECONDS);
        prometheus.server.createContext("/api/v1/query", prometheus::serve);
        prometheus.server.start();
        return prometheus;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** It hangs up on every caller from now on. */
    void goAway() {
        away = true;
    }

    boolean isAway() {
        return away;
    }

    void comeBack() {
        away = false;
    }

    /** All answers about one Deployment, oldest first. */
    List<Given> given(String deployment) {
        return given.stream()
                .filter(answer -> answer.deployment().equals(deployment))
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void scrape() {
        var now = Instant.now();
        targets.get().forEach((deployment, counters) -> {
            var kept = samples.computeIfAbsent(deployment, none -> new ConcurrentLinkedDeque<>());
            kept.addLast(new Sample(now, counters));
            while (kept.getFirst().at().isBefore(now.minus(WINDOW))) {
                kept.removeFirst();
            }
        });
    }

    private void serve(HttpExchange exchange) throws IOException {
        if (away) {
            exchange.close();
            return;
        }
        var parameters = parameters(exchange);
        for (var deployment : new ArrayList<>(samples.keySet())) {
            if (QUERY.replace("$deployment", deployment).equals(parameters.get("query"))) {
                Servers.reply(exchange, 200, answer(deployment, parameters.getOrDefault("time", "0")));
                return;
            }
        }
        Servers.reply(exchange, 400, "{\"status\":\"error\",\"errorType\":\"bad_data\"}".getBytes(UTF_8));
    }

    private byte[] answer(String deployment, String time) {
        var share = failedShare(deployment);
        given.add(new Given(Instant.now(), deployment, share));
        return ("{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":["
                        + time + ",\"" + share + "\"]}]}}")
                .getBytes(UTF_8);
    }

    /** NaN without requests, as 0 / 0 is in PromQL. */
    private double failedShare(String deployment) {
        var kept = samples.getOrDefault(deployment, new ConcurrentLinkedDeque<>());
        if (kept.isEmpty()) {
            return Double.NaN;
        }
        var within = kept.getLast().counters().since(kept.getFirst().counters());
        return (double) within.failures() / within.requests();
    }

    private static Map<String, String> parameters(HttpExchange exchange) {
        return Arrays.stream(exchange.getRequestURI().getRawQuery().split("&", -1))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
    }
}
