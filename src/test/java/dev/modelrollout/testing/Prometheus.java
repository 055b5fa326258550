package dev.modelrollout.testing;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A real Prometheus on a free loopback port (see {@link NeedsPrometheus}). It ends with this JVM. */
public final class Prometheus implements AutoCloseable {

    private static final Duration CEILING = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final URI url;

    private Prometheus(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param folder for its configuration, data and log; relative names in the configuration start here
     * @param configuration what {@code prometheus.yml} holds: YAML
     */
    public static Prometheus start(Path folder, String configuration) throws IOException {
        return start(folder, configuration, URI.create("http://127.0.0.1:" + Loopback.freePort()));
    }

    /** The same at this address, such as that of one which ended before; it goes on with the data of the folder. */
    public static Prometheus start(Path folder, String configuration, URI url) throws IOException {
        var file = Files.writeString(folder.resolve("prometheus.yml"), configuration);
        var log = folder.resolve("prometheus.log");
        var process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + file,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.enable-remote-write-receiver",
                        "--web.listen-address=" + url.getAuthority())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        var prometheus = new Prometheus(process, url);
        Runtime.getRuntime().addShutdownHook(new Thread(prometheus::close));
        await().atMost(CEILING).until(() -> prometheus.isReady() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError(Files.readString(log));
        }
        return prometheus;
    }

    /** Where it answers, without a slash at the end. */
    public URI url() {
        return url;
    }

    /**
     * Stores samples of any time, those of all calls within an hour.
     *
     * @param series the samples of each label set; a value that is NaN says that it has ended
     */
    public void write(Map<Map<String, String>, Map<Instant, Double>> series) {
        var body = RemoteWrite.body(series.entrySet().stream()
                .map(one -> new RemoteWrite.TimeSeries(one.getKey(), one.getValue()))
                .toList());
        try {
            var request = HttpRequest.newBuilder(URI.create(url + "/api/v1/write"))
                    .POST(BodyPublishers.ofByteArray(body))
                    .header("Content-Type", "application/x-protobuf")
                    .header("Content-Encoding", "snappy")
                    .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                    .build();
            var answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 204) {
                throw new AssertionError(answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The {@code data} of what the API answers, for instance to {@code alerts} or {@link #query}. */
    public JsonNode get(String path) {
        try {
            var request =
                    HttpRequest.newBuilder(URI.create(url + "/api/v1/" + path)).build();
            return new ObjectMapper()
                    .readTree(http.send(request, BodyHandlers.ofString()).body())
                    .path("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The {@code result} of an instant query, asked for now. */
    public JsonNode query(String promql) {
        return get("query?query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8))
                .path("result");
    }

    /** The first moment in this time, to 50 ms, at which an instant query had a result of one series. */
    public Optional<Instant> firstResult(String promql, Instant from, Instant to) {
        var found = get("query_range?start=%s&end=%s&step=0.05&query=%s"
                        .formatted(from, to, URLEncoder.encode(promql, StandardCharsets.UTF_8)))
                .at("/result/0/values/0/0");
        return found.isNumber()
                ? Optional.of(Instant.ofEpochMilli(Math.round(found.asDouble() * 1000)))
                : Optional.empty();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }

    private boolean isReady() throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(URI.create(url + "/-/ready")).build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
