package dev.modelrollout.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadingsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00.400Z");
    private static final Instant TICK_0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Question UP = question("main", "up");

    private final HandDrivenTime time = new HandDrivenTime(START);
    private final Source main = new Source();
    private final Source other = new Source();
    private final List<String> woken = new ArrayList<>();
    private final List<String> observed = new ArrayList<>();
    private final Readings readings = new Readings(
            Map.of("main", main, "other", other),
            time,
            time,
            woken::add,
            (provider, answer, took) -> observed.add(provider + " " + answer + " " + took));

    @Test
    void asksANewQuestionAtOnceAndThenAtEachTick() {
        readings.follow("a", "ns", Set.of(UP));
        main.answerAll(time);

        for (var tick = 0; tick < 2; tick++) {
            time.advance(Duration.ofSeconds(1));
            main.answerAll(time);
        }

        assertThat(main.asked).containsExactly("up@0", "up@1", "up@2");
    }

    @Test
    void asksAtTheTickItself() {
        readings.follow("a", "ns", Set.of(UP));
        main.answerAll(time);

        time.advance(Duration.ofMillis(600));

        assertThat(main.asked).containsExactly("up@0", "up@1");
    }

    @Test
    void asksOnceForAllFollowersAndWakesEach() {
        readings.follow("a", "ns", Set.of(UP));
        readings.follow("b", "other", Set.of(UP));

        main.answerAll(time);

        assertThat(main.asked).containsExactly("up@0");
        assertThat(woken).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void keepsQuestionsOfDifferentIntervalsApart() {
        readings.follow("a", "ns", Set.of(UP, new Question("main", "up", Duration.ofSeconds(2))));
        main.answerAll(time);

        time.advance(Duration.ofMillis(600));

        assertThat(main.asked).containsExactly("up@0", "up@0", "up@1");
    }

    @Test
    void doesNotAskAgainWhileAQuestionIsUnanswered() {
        readings.follow("a", "ns", Set.of(UP));
        time.advance(Duration.ofSeconds(3));

        main.answerAll(time);
        time.advance(Duration.ofSeconds(1));

        assertThat(main.asked).containsExactly("up@0", "up@4");
    }

    @Test
    void asksNoQuestionTwiceThatWasForgottenInFlight() {
        readings.follow("a", "ns", Set.of(UP));
        time.settle();
        readings.follow("a", "ns", Set.of());
        readings.follow("a", "ns", Set.of(UP));

        time.advance(Duration.ofSeconds(2));

        assertThat(main.asked).containsExactly("up@0");
    }

    @Test
    void keepsAnswersOldestFirstForTwoMinutes() {
        readings.follow("a", "ns", Set.of(UP));
        for (var tick = 0; tick < 200; tick++) {
            main.answerAll(time);
            time.advance(Duration.ofSeconds(1));
        }

        var ticks = readings.answers(UP).stream().map(Answer::tick).toList();

        assertThat(ticks)
                .isSorted()
                .hasSize(119)
                .startsWith(TICK_0.plusSeconds(81))
                .endsWith(TICK_0.plusSeconds(199));
    }

    @Test
    void keepsAnswersForThreeLongIntervals() {
        var slow = new Question("main", "up", Duration.ofMinutes(5));
        readings.follow("a", "ns", Set.of(slow));
        main.answerAll(time);

        time.advance(Duration.ofMinutes(14));

        assertThat(readings.answers(slow)).hasSize(1);
    }

    @Test
    void forgetsWhatNobodyFollows() {
        readings.follow("a", "ns", Set.of(UP));
        readings.follow("b", "ns", Set.of(UP));
        main.answerAll(time);
        readings.follow("a", "ns", Set.of());
        assertThat(readings.answers(UP)).hasSize(1);

        readings.follow("b", "ns", Set.of());

        assertThat(readings.answers(UP)).isEmpty();
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void keepsTheAnswersToWhatIsStillAsked() {
        readings.follow("a", "ns", Set.of(UP));
        main.answerAll(time);

        readings.follow("a", "ns", Set.of(UP, question("main", "more")));

        assertThat(readings.answers(UP)).hasSize(1);
    }

    @Test
    void schedulesNothingWhenNothingIsNew() {
        readings.follow("a", "ns", Set.of(UP));
        var before = time.scheduled();

        readings.follow("a", "ns", Set.of(UP));

        assertThat(time.scheduled()).isEqualTo(before);
    }

    @Test
    void refusesWhatCannotBeAsked() {
        var unknown = question("none", "up");
        var tooOften = new Question("main", "up", Duration.ZERO);

        assertThatIllegalArgumentException().isThrownBy(() -> readings.follow("a", "ns", Set.of(UP, unknown)));
        assertThatIllegalArgumentException().isThrownBy(() -> readings.follow("a", "ns", Set.of(UP, tooOften)));
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void hasEightInFlightForANamespaceAndSixtyFourForAProvider() {
        readings.follow("a", "greedy", questions("greedy", 500));
        time.settle();
        var ofOne = main.asked.size();
        IntStream.range(0, 20).forEach(i -> readings.follow("f" + i, "ns" + i, questions("q" + i + "-", 10)));

        time.settle();

        assertThat(List.of(ofOne, main.asked.size())).containsExactly(8, 64);
    }

    @Test
    void letsNamespacesTakeTurns() {
        readings.follow("a", "greedy", questions("greedy", 500));
        IntStream.range(0, 8).forEach(i -> readings.follow("f" + i, "ns" + i, questions("q" + i + "-", 20)));
        readings.follow("b", "modest", Set.of(question("main", "modest")));
        time.settle();

        assertThat(main.asked).contains("modest@0");
    }

    @Test
    void countsASharedQuestionWhereFewestWait() {
        var shared = question("main", "shared");
        readings.follow("a", "greedy", questions("greedy", 500));
        readings.follow("b", "greedy", Set.of(shared));
        readings.follow("c", "modest", Set.of(shared));
        main.answerAll(time);

        time.advance(Duration.ofSeconds(1));

        assertThat(main.asked).contains("shared@1");
    }

    @Test
    void asksForTheNewestTickAfterALongWait() {
        readings.follow("a", "ns", questions("q", 9));
        time.advance(Duration.ofSeconds(5));

        main.answerOne(time);

        assertThat(main.asked).hasSize(9).last().asString().endsWith("@5");
    }

    @Test
    void keepsADeadProviderFromDelayingAnother() {
        readings.follow("a", "ns", questions("q", 100));
        readings.follow("b", "ns", Set.of(question("other", "up")));

        other.answerAll(time);

        assertThat(woken).containsExactly("b");
    }

    @Test
    void makesABadAnswerOfEachMisbehaviour() {
        var throwing = new Source() {
            @Override
            public CompletableFuture<Answer> ask(Question question, Instant tick) {
                return switch (question.query()) {
                    case "throws" -> throw new IllegalStateException("marker");
                    case "fails" -> CompletableFuture.failedFuture(new IllegalStateException("marker"));
                    default -> CompletableFuture.completedFuture(new Answer.Value(tick.minusSeconds(1), 1));
                };
            }
        };
        var questions = Set.of(question("x", "throws"), question("x", "fails"), question("x", "of another tick"));
        try (var its = new Readings(Map.of("x", throwing), time, time, woken::add, (p, a, t) -> {})) {
            its.follow("a", "ns", questions);
            time.settle();

            assertThat(questions)
                    .allSatisfy(question -> assertThat(its.answers(question))
                            .containsExactly(new Answer.Missing(TICK_0, Blindness.BAD_ANSWER)));
        }
    }

    @Test
    void goesOnAfterAHearerThatFails() {
        var source = new Source();
        try (var its = new Readings(
                Map.of("main", source),
                time,
                time,
                follower -> {
                    throw new IllegalStateException();
                },
                (p, a, t) -> {})) {
            its.follow("a", "ns", questions("q", 9));
            source.answerAll(time);

            assertThat(source.asked).hasSize(9);
        }
    }

    @Test
    void letsTheObserverKnow() {
        readings.follow("a", "ns", Set.of(UP));
        time.advance(Duration.ofMillis(50));

        main.answerAll(time);

        assertThat(observed).containsExactly("main " + new Answer.Value(TICK_0, 1) + " PT0.05S");
    }

    @Test
    void stopsWhenClosed() {
        readings.follow("a", "ns", Set.of(UP));
        readings.close();

        readings.follow("b", "ns", questions("q", 3));

        assertThat(time.scheduled()).isZero();
    }

    private static Question question(String provider, String query) {
        return new Question(provider, query, Duration.ofSeconds(1));
    }

    private static Set<Question> questions(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> question("main", prefix + i))
                .collect(Collectors.toSet());
    }

    /** Answers with 1, when told to. */
    private static class Source implements MetricSource {

        private record Pending(Instant tick, CompletableFuture<Answer> answer) {}

        final List<String> asked = new ArrayList<>();
        private final List<Pending> pending = new ArrayList<>();

        @Override
        public CompletableFuture<Answer> ask(Question question, Instant tick) {
            asked.add(question.query() + "@" + Duration.between(TICK_0, tick).toSeconds());
            var answer = new CompletableFuture<Answer>();
            pending.add(new Pending(tick, answer));
            return answer;
        }

        void answerOne(HandDrivenTime time) {
            time.settle();
            var first = pending.remove(0);
            first.answer().complete(new Answer.Value(first.tick(), 1));
            time.settle();
        }

        void answerAll(HandDrivenTime time) {
            time.settle();
            while (!pending.isEmpty()) {
                answerOne(time);
            }
        }
    }
}
