package dev.modelrollout.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** Servers on free ports of 127.0.0.1. */
final class Servers {

    private static final int BACKLOG = 200;

    private Servers() {}

    /** Not started yet. */
    static HttpServer server() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
            server.setExecutor(Executors.newCachedThreadPool(Servers::daemon));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    static Thread daemon(Runnable work) {
        var thread = new Thread(work, "stage");
        thread.setDaemon(true);
        return thread;
    }
}
