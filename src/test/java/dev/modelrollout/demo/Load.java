package dev.modelrollout.demo;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Users: {@value #PER_SECOND} requests a second, whether they are answered or not. They begin with {@link #goOn}. */
final class Load {

    private static final int PER_SECOND = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpRequest request;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile boolean paused = true;

    private Load(URI target) {
        request = HttpRequest.newBuilder(target).timeout(PATIENCE).build();
    }

    static Load on(URI target, ScheduledExecutorService clockwork) {
        var load = new Load(target);
        var unused = clockwork.scheduleAtFixedRate(load::send, 0, 1_000_000 / PER_SECOND, TimeUnit.MICROSECONDS);
        return load;
    }

    /** As the users have seen it: requests that were answered or given up, and how many of them failed. */
    Counters counters() {
        return new Counters(answered.get(), failed.get());
    }

    void pause() {
        paused = true;
    }

    void goOn() {
        paused = false;
    }

    boolean isDrained() {
        return paused && sent.get() == answered.get();
    }

    private void send() {
        if (paused) {
            return;
        }
        sent.incrementAndGet();
        var unused = http.sendAsync(request, BodyHandlers.discarding()).whenComplete((response, failure) -> {
            if (response == null || response.statusCode() != 200) {
                failed.incrementAndGet();
            }
            answered.incrementAndGet();
        });
    }
}
