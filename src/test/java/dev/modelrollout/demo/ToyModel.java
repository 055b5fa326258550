package dev.modelrollout.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/** One pod: a server that answers every request, and counts; from a moment on every nth one with 500. */
final class ToyModel implements AutoCloseable {

    private static final int NEVER = 0;

    private final String version;
    private final HttpServer server;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile int failEvery = NEVER;

    private ToyModel(String version, HttpServer server) {
        this.version = version;
        this.server = server;
    }

    static ToyModel start(String version) {
        var server = Servers.server();
        var model = new ToyModel(version, server);
        server.createContext("/", model::answer);
        server.start();
        return model;
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** From now on one request of so many fails. */
    void failOneOf(int requests) {
        failEvery = requests;
    }

    /** What it has counted so far. */
    Counters counters() {
        return new Counters(requests.get(), failures.get());
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var every = failEvery;
        var failed = requests.incrementAndGet() % Math.max(1, every) == 0 && every != NEVER;
        if (failed) {
            failures.incrementAndGet();
        }
        Servers.reply(exchange, failed ? 500 : 200, version.getBytes(StandardCharsets.UTF_8));
    }
}
