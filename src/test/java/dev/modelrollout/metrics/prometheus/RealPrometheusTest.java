package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Blindness.BAD_QUERY;
import static dev.modelrollout.analysis.Blindness.MANY_SERIES;
import static dev.modelrollout.analysis.Blindness.NOT_FINITE;
import static dev.modelrollout.analysis.Blindness.NO_DATA;
import static dev.modelrollout.analysis.Blindness.WRONG_TYPE;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.testing.NeedsPrometheus;
import dev.modelrollout.testing.Prometheus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the stub says is what a real Prometheus says. */
@NeedsPrometheus
@Timeout(60)
class RealPrometheusTest {

    @Test
    void answersLikeTheStub(@TempDir Path folder) throws IOException {
        try (var prometheus = Prometheus.start(folder, "")) {
            var now = Instant.now();
            var source = new PrometheusProvider(
                            "main",
                            prometheus.url(),
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
        }
    }

    /** The interval allows for the seconds that pass between now and the server's answers. */
    private static Object ask(MetricSource source, String query, Instant now) {
        var question = new Question("main", query, Duration.ofMinutes(5));
        Answer answer = source.ask(question, now).orTimeout(30, SECONDS).join();
        return answer.<Object>fold(Double::toString, why -> why);
    }
}
