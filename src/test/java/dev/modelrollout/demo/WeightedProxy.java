package dev.modelrollout.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The data plane: sends each request to one of its backends, by smooth weighted round robin, so that a share of 1 %
 * is every hundredth request and no matter of luck.
 */
final class WeightedProxy implements AutoCloseable {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpServer server = Servers.server();

    /** Guarded by {@code this}. */
    private List<Credit> credits = List.of();

    /** Where a share of the requests goes. */
    record Backend(List<Integer> ports, int weight) {}

    static WeightedProxy start() {
        var proxy = new WeightedProxy();
        proxy.server.createContext("/", proxy::forward);
        proxy.server.start();
        return proxy;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/chat");
    }

    /** Holds from the next request on. */
    synchronized void follow(List<Backend> backends) {
        credits = backends.stream()
                .filter(backend -> backend.weight() > 0 && !backend.ports().isEmpty())
                .map(Credit::new)
                .toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void forward(HttpExchange exchange) throws IOException {
        var port = nextPort();
        if (port.isEmpty()) {
            Servers.reply(exchange, 503, "no backend".getBytes(StandardCharsets.UTF_8));
            return;
        }
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.get() + "/"))
                    .build();
            var response = http.send(request, BodyHandlers.ofByteArray());
            Servers.reply(exchange, response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException backendIsGone) {
            Servers.reply(exchange, 502, "bad gateway".getBytes(StandardCharsets.UTF_8));
        }
    }

    private synchronized Optional<Integer> nextPort() {
        var total = credits.stream().mapToInt(credit -> credit.backend.weight()).sum();
        Optional<Credit> richest = Optional.empty();
        for (var credit : new ArrayList<>(credits)) {
            credit.value += credit.backend.weight();
            if (richest.isEmpty() || credit.value > richest.get().value) {
                richest = Optional.of(credit);
            }
        }
        return richest.map(credit -> credit.spend(total));
    }

    private static final class Credit {

        private final Backend backend;
        private int value;
        private int turn;

        private Credit(Backend backend) {
            this.backend = backend;
        }

        private int spend(int total) {
            value -= total;
            turn = (turn + 1) % backend.ports().size();
            return backend.ports().get(turn);
        }
    }
}
