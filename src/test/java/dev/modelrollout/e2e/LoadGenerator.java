package dev.modelrollout.e2e;

import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Clients that send at a fixed rate, whether or not the answers come in time. Nothing is sent twice. */
final class LoadGenerator implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CEILING = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Phaser inFlight = new Phaser(1);
    private final Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
    private final URI gateway;

    private LoadGenerator(URI gateway) {
        this.gateway = gateway;
    }

    /** Begins at once. */
    static LoadGenerator start(URI gateway, List<Model> models, int perSecondAndModel) {
        var generator = new LoadGenerator(gateway);
        var period = TimeUnit.SECONDS.toMicros(1) / perSecondAndModel;
        var unused = generator.timer.scheduleAtFixedRate(
                () -> models.forEach(generator::send), 0, period, TimeUnit.MICROSECONDS);
        return generator;
    }

    /** The first exchange with this model, which is not counted. */
    static Exchange probe(URI gateway, Model model) {
        var generator = new LoadGenerator(gateway);
        try (generator) {
            generator.send(model);
        }
        return generator.exchanges.remove();
    }

    /** All with this model until now. */
    List<Exchange> exchanges(Model model) {
        return exchanges.stream()
                .filter(exchange -> exchange.model().equals(model.name()))
                .toList();
    }

    /** Waits until this many more requests are answered, whoever answers. */
    void awaitAnswers(int more) {
        var due = exchanges.size() + more;
        await("answers to %d more requests".formatted(more)).atMost(CEILING).until(() -> exchanges.size() >= due);
    }

    /** Sends no more, and waits for the answers still due. */
    @Override
    public void close() {
        timer.shutdownNow();
        inFlight.arriveAndAwaitAdvance();
    }

    private void send(Model model) {
        var request = HttpRequest.newBuilder(URI.create(gateway + model.path() + "/v1/completions"))
                .timeout(TIMEOUT)
                .POST(BodyPublishers.ofString("{\"prompt\": \"hello\"}"))
                .build();
        var sent = Instant.now();
        inFlight.register();
        CompletableFuture<Boolean> unused = http.sendAsync(request, BodyHandlers.ofString())
                .handle((response, failure) -> exchanges.add(exchange(model, sent, response)))
                .whenComplete((added, failure) -> inFlight.arriveAndDeregister());
    }

    private static Exchange exchange(Model model, Instant sent, @Nullable HttpResponse<String> response) {
        return response == null
                ? new Exchange(model.name(), sent, 0, "")
                : new Exchange(
                        model.name(),
                        sent,
                        response.statusCode(),
                        response.headers().firstValue(ModelServer.NAME).orElse(""));
    }
}
