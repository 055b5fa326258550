package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Blindness.BAD_QUERY;
import static dev.modelrollout.analysis.Blindness.MANY_SERIES;
import static dev.modelrollout.analysis.Blindness.NOT_FINITE;
import static dev.modelrollout.analysis.Blindness.NO_DATA;
import static dev.modelrollout.analysis.Blindness.WRONG_TYPE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.metrics.MetricSource;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the stub says is what a real Prometheus says; runs where {@code prometheus} is on the PATH. */
@Timeout(60)
class RealPrometheusTest {

    @Test
    void answersLikeTheStub(@TempDir Path folder) throws Exception {
        var binary = onPath("prometheus");
        assumeTrue(binary.isPresent(), "put prometheus on the PATH to run this");
        var port = freePort();
        var server = start(binary.get(), folder, port);
        try {
            var now = server.info().startInstant().orElseThrow();
            var source = new PrometheusProvider(
                            "main",
                            URI.create("http://127.0.0.1:" + port),
                            Duration.ofSeconds(20),
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            Map.of())
                    .open(InstantSource.fixed(now), "1.2.3");

            assertThat(Stream.of(
                                    "vector(0.25)",
                                    "0.5",
                                    "vector(1) + 0 * vector(" + "1".repeat(3_000) + "e-3000)",
                                    "missing",
                                    "vector(0) / 0",
                                    "1 / 0",
                                    "vector(1) or label_replace(vector(2), \"a\", \"b\", \"\", \"\")",
                                    "vector(1)[5m:1m]",
                                    "\"text\"",
                                    "1 +")
                            .map(query -> ask(source, query, now)))
                    .containsExactly(
                            "0.25",
                            "0.5",
                            "1.0",
                            NO_DATA,
                            NO_DATA,
                            NOT_FINITE,
                            MANY_SERIES,
                            WRONG_TYPE,
                            WRONG_TYPE,
                            BAD_QUERY);
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    /** The interval allows for the seconds that pass between the server's start and its answers. */
    private static Object ask(MetricSource source, String query, Instant now) {
        var question = new Question("main", query, Duration.ofMinutes(5));
        Answer answer = source.ask(question, now).orTimeout(30, SECONDS).join();
        return answer.<Object>fold(Double::toString, why -> why);
    }

    private static Process start(String binary, Path folder, int port) throws IOException {
        var config = Files.writeString(folder.resolve("prometheus.yml"), "");
        var process = new ProcessBuilder(
                        binary,
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .start();
        assertThat(process.inputReader().lines().anyMatch(line -> line.contains("Server is ready")))
                .isTrue();
        return process;
    }

    private static int freePort() throws IOException {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static Optional<String> onPath(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(folder -> new File(folder, name))
                .filter(File::canExecute)
                .map(File::getPath)
                .findFirst();
    }
}
