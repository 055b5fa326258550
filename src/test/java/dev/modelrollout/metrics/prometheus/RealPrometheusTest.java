package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Blindness.BAD_ANSWER;
import static dev.modelrollout.analysis.Blindness.BAD_QUERY;
import static dev.modelrollout.analysis.Blindness.MANY_SERIES;
import static dev.modelrollout.analysis.Blindness.NOT_FINITE;
import static dev.modelrollout.analysis.Blindness.NO_DATA;
import static dev.modelrollout.analysis.Blindness.OUT_OF_DOMAIN;
import static dev.modelrollout.analysis.Blindness.WRONG_TYPE;
import static dev.modelrollout.analysis.Question.Form.NUMBER;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.testing.NeedsPrometheus;
import dev.modelrollout.testing.Prometheus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the stub says is what a real Prometheus says. */
@NeedsPrometheus
@Timeout(60)
class RealPrometheusTest {

    private static final Duration INTERVAL = Duration.ofMinutes(5);
    private static final String POD_A = "label_replace(vector(2), \"pod\", \"a\", \"\", \"\")";
    private static final String POD_B = "label_replace(vector(3), \"pod\", \"b\", \"\", \"\")";
    private static final Series NAMELESS = new Series("", "", "", "");
    private static final Map<Series, Double> PODS =
            Map.of(new Series("", "a", "", ""), 2.0, new Series("", "b", "", ""), 3.0);

    @Test
    void answersLikeTheStub(@TempDir Path folder) throws IOException {
        try (var prometheus = Prometheus.start(folder, "")) {
            var now = Instant.now();
            var source = source(prometheus, now);

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

    @Test
    void answersForCountersLikeTheStub(@TempDir Path folder) throws IOException {
        try (var prometheus = Prometheus.start(folder, "")) {
            var now = Instant.now();
            var source = source(prometheus, now);
            var ticks = List.of(now.minus(INTERVAL), now);

            assertThat(Stream.of(
                                    "vector(2)",
                                    POD_A + " or " + POD_B,
                                    "vector(-1)",
                                    "vector(0) / 0",
                                    "missing",
                                    "1",
                                    "vector(1)[5m:1m]",
                                    "1 +")
                            .map(query -> askRange(source, query, ticks)))
                    .containsExactly(
                            List.of(Map.of(NAMELESS, 2.0), Map.of(NAMELESS, 2.0)),
                            List.of(PODS, PODS),
                            List.of(OUT_OF_DOMAIN, OUT_OF_DOMAIN),
                            List.of(BAD_ANSWER, BAD_ANSWER),
                            List.of(NO_DATA, NO_DATA),
                            List.of(Map.of(NAMELESS, 1.0), Map.of(NAMELESS, 1.0)),
                            List.of(BAD_QUERY, BAD_QUERY),
                            List.of(BAD_QUERY, BAD_QUERY));
            assertThat(read(source.ask(counters(POD_A + " or " + POD_B), now)
                            .orTimeout(30, SECONDS)
                            .join()))
                    .isEqualTo(PODS);
        }
    }

    private static MetricSource source(Prometheus prometheus, Instant now) {
        return new PrometheusProvider(
                        "main", prometheus.url(), Duration.ofSeconds(20), null, null, null, null, null, null, Map.of())
                .open(InstantSource.fixed(now), "1.2.3");
    }

    private static List<Object> askRange(MetricSource source, String query, List<Instant> ticks) {
        return source.askRange(counters(query), ticks).orTimeout(30, SECONDS).join().stream()
                .map(RealPrometheusTest::read)
                .toList();
    }

    private static Question counters(String query) {
        return new Question("main", query, INTERVAL, Question.Form.COUNTERS);
    }

    private static Object read(Answer answer) {
        return answer.<Object>fold(Double::toString, Answer.Counters::values, why -> why);
    }

    /** The interval allows for the seconds that pass between now and the server's answers. */
    private static Object ask(MetricSource source, String query, Instant now) {
        var question = new Question("main", query, INTERVAL, NUMBER);
        return read(source.ask(question, now).orTimeout(30, SECONDS).join());
    }
}
