package dev.modelrollout.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;

/** Serves one version of a model, and counts as vLLM does. */
final class ModelServer implements AutoCloseable {

    /** The header that names the Deployment whose server answers. */
    static final String NAME = "x-served-by";

    private static final String FAILURES =
            "http_requests_total{handler=\"/v1/completions\",method=\"POST\",status=\"5xx\"} %d\n";

    static {
        // A server that closes idle connections would race with the gateway that uses them again.
        System.setProperty("sun.net.httpserver.idleInterval", "3600");
    }

    private final AtomicLong served = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final DoubleAdder firstTokenSeconds = new DoubleAdder();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final String deployment;
    private final HttpServer server;

    private volatile boolean bad;

    private ModelServer(String deployment, HttpServer server) {
        this.deployment = deployment;
        this.server = server;
    }

    /** Listens on a free port of this loopback address. */
    static ModelServer start(String deployment, String address) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(address, 0), 0);
        var model = new ModelServer(deployment, server);
        server.createContext("/", model::complete);
        server.createContext("/metrics", model::scrape);
        server.setExecutor(model.threads);
        server.start();
        return model;
    }

    String deployment() {
        return deployment;
    }

    String address() {
        return server.getAddress().getAddress().getHostAddress();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** From now on every second request fails. */
    void turnBad() {
        bad = true;
    }

    /** How many requests it failed. */
    long failures() {
        return failed.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void complete(HttpExchange exchange) throws IOException {
        var begin = System.nanoTime();
        exchange.getRequestBody().readAllBytes();
        if (bad && (served.get() + failed.get()) % 2 == 0) {
            failed.incrementAndGet();
            answer(exchange, 500, "{\"error\": \"no tokens\"}");
        } else {
            served.incrementAndGet();
            firstTokenSeconds.add((System.nanoTime() - begin) / 1e9);
            answer(exchange, 200, "{\"text\": \"hello\"}");
        }
    }

    /** The answers by status beside what the engine counts; there is no series of failures before the first. */
    private void scrape(HttpExchange exchange) throws IOException {
        var failures = failed.get();
        answer(exchange, 200, """
                # TYPE http_requests_total counter
                http_requests_total{handler="/v1/completions",method="POST",status="2xx"} %1$d
                %2$s# TYPE vllm:request_success_total counter
                vllm:request_success_total{model_name="%3$s",finished_reason="stop"} %1$d
                # TYPE vllm:time_to_first_token_seconds histogram
                vllm:time_to_first_token_seconds_bucket{model_name="%3$s",le="+Inf"} %1$d
                vllm:time_to_first_token_seconds_sum{model_name="%3$s"} %4$s
                vllm:time_to_first_token_seconds_count{model_name="%3$s"} %1$d
                """.formatted(
                served.get(), failures == 0 ? "" : FAILURES.formatted(failures), deployment, firstTokenSeconds.sum()));
    }

    private void answer(HttpExchange exchange, int status, String text) throws IOException {
        var body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
        exchange.getResponseHeaders().set(NAME, deployment);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
