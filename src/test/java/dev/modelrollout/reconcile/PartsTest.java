package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.metrics.HandDrivenTime;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.metrics.Readings;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartsTest {

    private final HandDrivenTime time = new HandDrivenTime(Instant.parse("2026-03-01T12:00:00Z"));
    private final List<CompletableFuture<Answer>> asked = new ArrayList<>();
    private final List<String> woken = new ArrayList<>();

    @SuppressWarnings("NullAway") // the others have nothing to do with it
    private final Parts parts = new Parts(
            null,
            null,
            null,
            null,
            null,
            new Readings(Map.of("default", new Source()), time, time, woken::add, (provider, answer, took) -> {}),
            null,
            null,
            null,
            time);

    @Test
    void the_rollouts_of_a_namespace_share_what_it_may_ask_at_once() {
        follow("serving", "chat");
        follow("serving", "search");
        assertThat(asked).hasSize(8);

        follow("other", "chat");
        assertThat(asked).hasSize(16);
    }

    @Test
    void who_is_woken_by_an_answer_is_who_has_asked() {
        follow("serving", "chat");
        asked.get(0).complete(new Answer.Value(time.instant(), 1));
        time.advance(Duration.ZERO);

        assertThat(woken).extracting(Parts::idOf).containsExactly(new ResourceID("chat", "serving"));
    }

    private void follow(String namespace, String name) {
        var rollout = new ModelRollout();
        rollout.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
        parts.follow(
                rollout,
                Wanted.everyTick(IntStream.range(0, 8)
                        .mapToObj(i -> new Question(
                                "default", namespace + name + i, Duration.ofSeconds(1), Question.Form.NUMBER))
                        .collect(Collectors.toSet())));
        time.advance(Duration.ZERO);
    }

    private final class Source implements MetricSource {

        @Override
        public CompletableFuture<Answer> ask(Question question, Instant tick) {
            var answer = new CompletableFuture<Answer>();
            asked.add(answer);
            return answer;
        }

        @Override
        public CompletableFuture<List<Answer>> askRange(Question question, List<Instant> ticks) {
            throw new UnsupportedOperationException();
        }
    }
}
