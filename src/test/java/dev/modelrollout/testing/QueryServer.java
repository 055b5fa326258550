package dev.modelrollout.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers instant and range queries as Prometheus does, over HTTP; the numbers are the test's. */
public final class QueryServer implements AutoCloseable {

    private static final int HANDS = 16;
    private static final String ANSWER = "{\"status\":\"success\",\"data\":{\"resultType\":\"%s\",\"result\":[%s]}}";

    static {
        // Else each answer waits 40 ms for an acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Numbers numbers;
    private final HttpServer server;
    private final ExecutorService hands = Executors.newFixedThreadPool(HANDS);

    /** What the server knows. */
    @FunctionalInterface
    public interface Numbers {

        /**
         * The result of a query at each of these times, by the labels of its series as a JSON object; empty when the
         * server fails.
         *
         * @param times one for an instant query, in their order for a range
         */
        Optional<List<Map<String, Double>>> at(String query, List<Instant> times);
    }

    /** It answers from now on. */
    public QueryServer(Numbers numbers) throws IOException {
        this.numbers = numbers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/query", this::instant);
        server.createContext("/api/v1/query_range", this::range);
        server.setExecutor(hands);
        server.start();
    }

    /** Its base. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        hands.shutdown();
    }

    private void instant(HttpExchange exchange) throws IOException {
        var parameters = parameters(exchange);
        var time = time(parameters, "time");
        reply(
                exchange,
                numbers.at(text(parameters, "query"), List.of(time))
                        .map(results -> ANSWER.formatted("vector", series(results.get(0), time))));
    }

    private static String series(Map<String, Double> values, Instant time) {
        return values.entrySet().stream()
                .map(series -> "{\"metric\":%s,\"value\":%s}".formatted(series.getKey(), pair(time, series.getValue())))
                .collect(Collectors.joining(","));
    }

    private void range(HttpExchange exchange) throws IOException {
        var parameters = parameters(exchange);
        var end = time(parameters, "end");
        var step = Duration.ofMillis(Long.parseLong(text(parameters, "step").replace("ms", "")));
        var times = Stream.iterate(time(parameters, "start"), time -> !time.isAfter(end), time -> time.plus(step))
                .toList();
        reply(
                exchange,
                numbers.at(text(parameters, "query"), times)
                        .map(results -> ANSWER.formatted("matrix", series(results, times))));
    }

    private static String series(List<Map<String, Double>> results, List<Instant> times) {
        var pairs = new LinkedHashMap<String, StringBuilder>();
        for (var i = 0; i < times.size(); i++) {
            var time = times.get(i);
            results.get(i)
                    .forEach((labels, value) -> pairs.merge(
                            labels,
                            new StringBuilder(pair(time, value)),
                            (all, one) -> all.append(',').append(one)));
        }
        return pairs.entrySet().stream()
                .map(series -> "{\"metric\":%s,\"values\":[%s]}".formatted(series.getKey(), series.getValue()))
                .collect(Collectors.joining(","));
    }

    private static String pair(Instant time, double value) {
        return "[" + BigDecimal.valueOf(time.toEpochMilli(), 3) + ",\"" + value + "\"]";
    }

    private static void reply(HttpExchange exchange, Optional<String> answer) throws IOException {
        try (exchange) {
            var body = answer.orElse("{\"status\":\"error\"}").getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.isPresent() ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Instant time(Map<String, String> parameters, String name) {
        return Instant.ofEpochMilli(
                new BigDecimal(text(parameters, name)).movePointRight(3).longValueExact());
    }

    private static String text(Map<String, String> parameters, String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }

    private static Map<String, String> parameters(HttpExchange exchange) throws IOException {
        var form = exchange.getRequestMethod().equals("POST")
                ? new String(exchange.getRequestBody().readAllBytes(), UTF_8)
                : exchange.getRequestURI().getRawQuery();
        return Arrays.stream(form.split("&", -1))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
    }
}
