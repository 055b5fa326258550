package dev.modelrollout.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Answers queries as Prometheus does: 1 % for all, until the candidates turn bad. Remembers when it said so first. */
final class ErrorRates implements AutoCloseable {

    private static final int HANDS = 16;

    private final HttpServer server;
    private final ExecutorService hands = Executors.newFixedThreadPool(HANDS);
    private final AtomicInteger asked = new AtomicInteger();
    private final Map<String, Instant> said = new ConcurrentHashMap<>();
    private volatile boolean bad;

    ErrorRates() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/query", this::answer);
        server.setExecutor(hands);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    int asked() {
        return asked.get();
    }

    /** From now on every v2 fails half of its requests. */
    void turnBad() {
        bad = true;
    }

    void turnGood() {
        bad = false;
        said.clear();
    }

    /** By Deployment, when the breach was first in an answer. */
    Map<String, Instant> said() {
        return Map.copyOf(said);
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        var parameters = Arrays.stream(exchange.getRequestURI().getRawQuery().split("&", -1))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
        var query = parameters.getOrDefault("query", "");
        var breach = bad && query.contains("-v2\"");
        var body =
                "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[{\"metric\":{},\"value\":[%s,\"%s\"]}]}}"
                        .formatted(parameters.get("time"), breach ? "0.5" : "0.01")
                        .getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (var out = exchange.getResponseBody()) {
            out.write(body);
        }
        if (breach) {
            said.putIfAbsent(query.substring(query.indexOf('"') + 1, query.lastIndexOf('"')), Instant.now());
        }
    }

    @Override
    public void close() {
        server.stop(0);
        hands.shutdown();
    }
}
