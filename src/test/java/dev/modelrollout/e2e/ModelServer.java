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

    /** As in most servers, there is no series of failures before the first. */
    private void scrape(HttpExchange exchange) throws IOException {
        var failures = failed.get();
        var successes = served.get();
        answer(exchange, 200, """
                # TYPE http_requests_total counter
                http_requests_total{status="200"} %d
                %s# TYPE vllm:request_success_total counter
                vllm:request_success_total{model_name="%s",finished_reason="stop"} %d
                # TYPE vllm:time_to_first_token_seconds summary
                vllm:time_to_first_token_seconds_sum{model_name="%s"} %s
                vllm:time_to_first_token_seconds_count{model_name="%s"} %d
                """.formatted(
                        successes,
                        failures == 0 ? "" : "http_requests_total{status=\"500\"} " + failures + "\n",
                        deployment,
                        successes,
                        deployment,
                        firstTokenSeconds.sum(),
                        deployment,
                        successes));
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
