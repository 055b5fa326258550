package dev.modelrollout.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Question.Form;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.analysis.Wanted;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What answers of 2,000 series at each second cost, for as long as they are kept. */
class CountersHeapTest {

    private static final int QUESTIONS = Integer.getInteger("questions", 20);
    private static final int SERIES = 2_000;

    private final HandDrivenTime time = new HandDrivenTime(Instant.parse("2026-01-01T00:00:00Z"));

    @Test
    void aNamespaceThatAsksForAsMuchAsItMayFillsNoHeap() {
        var before = usedMiB();
        var readings =
                new Readings(Map.of("main", new Large()), time, time, follower -> {}, (provider, answer, took) -> {});
        readings.follow(
                "a",
                "ns",
                Wanted.everyTick(IntStream.range(0, QUESTIONS)
                        .mapToObj(i -> new Question("main", "count" + i, Duration.ofSeconds(1), Form.COUNTERS))
                        .collect(Collectors.toSet())));
        time.advance(Duration.ofSeconds(130));
        var used = usedMiB() - before;
        System.out.printf("%d questions of %d series for 2 min: %.0f MiB%n", QUESTIONS, SERIES, used);
        readings.close();

        assertThat(used).isLessThan(24);
    }

    private static double usedMiB() {
        System.gc();
        var heap = Runtime.getRuntime();
        return (heap.totalMemory() - heap.freeMemory()) / (double) (1 << 20);
    }

    /** Texts are new in each answer, as if they had been read. */
    private static final class Large implements MetricSource {

        @Override
        public CompletableFuture<Answer> ask(Question question, Instant tick) {
            var values = new HashMap<Series, Double>();
            for (var i = 0; i < SERIES; i++) {
                values.put(
                        new Series("serving-" + i % 3, "chat-6d4cf56db6-" + i, "10.0.0." + i + ":8000", ""), 1e6 + i);
            }
            return CompletableFuture.completedFuture(new Answer.Counters(tick, values));
        }

        @Override
        public CompletableFuture<List<Answer>> askRange(Question question, List<Instant> ticks) {
            throw new UnsupportedOperationException();
        }
    }
}
