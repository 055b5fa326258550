package dev.modelrollout.metrics;

import static dev.modelrollout.analysis.Question.Form.COUNTERS;
import static dev.modelrollout.analysis.Question.Form.NUMBER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.analysis.Wanted.Asked;
import dev.modelrollout.testing.CapturedLog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ReadingsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00.400Z");
    private static final Instant TICK_0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Question UP = question("main", "up");
    private static final Question COUNT = new Question("main", "count", Duration.ofSeconds(1), COUNTERS);
    private static final Question SLOW_COUNT = new Question("main", "count", Duration.ofSeconds(15), COUNTERS);

    private static final Map<Series, Double> ONE_VALUE = Map.of(new Series("job", "pod", "instance", ""), 1.0);

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
        follow("a", "ns", Set.of(UP));
        main.answerAll(time);

        for (var tick = 0; tick < 2; tick++) {
            time.advance(Duration.ofSeconds(1));
            main.answerAll(time);
        }

        assertThat(main.asked).containsExactly("up@0", "up@1", "up@2");
    }

    @Test
    void asksAtTheTickItself() {
        follow("a", "ns", Set.of(UP));
        main.answerAll(time);

        time.advance(Duration.ofMillis(600));

        assertThat(main.asked).containsExactly("up@0", "up@1");
    }

    @Test
    void asksOnceForAllFollowersAndWakesEach() {
        follow("a", "ns", Set.of(UP));
        follow("b", "other", Set.of(UP));

        main.answerAll(time);

        assertThat(main.asked).containsExactly("up@0");
        assertThat(woken).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void keepsQuestionsOfDifferentIntervalsApart() {
        follow("a", "ns", Set.of(UP, new Question("main", "up", Duration.ofSeconds(2), NUMBER)));
        main.answerAll(time);

        time.advance(Duration.ofMillis(600));

        assertThat(main.asked).containsExactly("up@0", "up@0", "up@1");
    }

    @Test
    void doesNotAskAgainWhileAQuestionIsUnanswered() {
        follow("a", "ns", Set.of(UP));
        time.advance(Duration.ofSeconds(3));

        main.answerAll(time);
        time.advance(Duration.ofSeconds(1));

        assertThat(main.asked).containsExactly("up@0", "up@4");
    }

    @Test
    void asksNoQuestionTwiceThatWasForgottenInFlight() {
        follow("a", "ns", Set.of(UP));
        time.settle();
        follow("a", "ns", Set.of());
        follow("a", "ns", Set.of(UP));

        time.advance(Duration.ofSeconds(2));

        assertThat(main.asked).containsExactly("up@0");
    }

    @Test
    void theFirstAnswerToATickStands() {
        follow("a", "ns", Set.of(UP));
        time.settle();
        follow("a", "ns", Set.of());
        readings.follow("a", "ns", new Wanted(Set.of(), Set.of(new Asked(UP, TICK_0)), Set.of()));
        time.settle();
        assertThat(main.asked).containsExactly("up@0", "up@0");

        main.gaps.add(TICK_0);
        main.answerOne(time);
        main.gaps.clear();
        main.answerOne(time);

        assertThat(readings.answers(UP)).containsExactly(new Answer.Missing(TICK_0, Blindness.TIMEOUT));
    }

    @Test
    void keepsAnswersOldestFirstForTwoMinutes() {
        follow("a", "ns", Set.of(UP));
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
        var slow = new Question("main", "up", Duration.ofMinutes(5), NUMBER);
        follow("a", "ns", Set.of(slow));
        main.answerAll(time);

        time.advance(Duration.ofMinutes(14));

        assertThat(readings.answers(slow)).hasSize(1);
    }

    @Test
    void forgetsWhatNobodyFollows() {
        follow("a", "ns", Set.of(UP));
        follow("b", "ns", Set.of(UP));
        main.answerAll(time);
        follow("a", "ns", Set.of());
        assertThat(readings.answers(UP)).hasSize(1);

        follow("b", "ns", Set.of());

        assertThat(readings.answers(UP)).isEmpty();
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void keepsTheAnswersToWhatIsStillAsked() {
        follow("a", "ns", Set.of(UP));
        main.answerAll(time);

        follow("a", "ns", Set.of(UP, question("main", "more")));

        assertThat(readings.answers(UP)).hasSize(1);
    }

    @Test
    void schedulesNothingWhenNothingIsNew() {
        follow("a", "ns", Set.of(UP));
        var before = time.scheduled();

        follow("a", "ns", Set.of(UP));

        assertThat(time.scheduled()).isEqualTo(before);
    }

    @Test
    void refusesWhatCannotBeAsked() {
        var unknown = question("none", "up");
        var tooOften = new Question("main", "up", Duration.ZERO, NUMBER);

        assertThatIllegalArgumentException().isThrownBy(() -> follow("a", "ns", Set.of(UP, unknown)));
        assertThatIllegalArgumentException().isThrownBy(() -> follow("a", "ns", Set.of(UP, tooOften)));
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void hasEightInFlightForANamespaceAndSixtyFourForAProvider() {
        follow("a", "greedy", questions("greedy", 500));
        time.settle();
        var ofOne = main.asked.size();
        IntStream.range(0, 20).forEach(i -> follow("f" + i, "ns" + i, questions("q" + i + "-", 10)));

        time.settle();

        assertThat(List.of(ofOne, main.asked.size())).containsExactly(8, 64);
    }

    @Test
    void letsNamespacesTakeTurns() {
        follow("a", "greedy", questions("greedy", 500));
        IntStream.range(0, 8).forEach(i -> follow("f" + i, "ns" + i, questions("q" + i + "-", 20)));
        follow("b", "modest", Set.of(question("main", "modest")));
        time.settle();

        assertThat(main.asked).contains("modest@0");
    }

    @Test
    void countsASharedQuestionWhereFewestWait() {
        var shared = question("main", "shared");
        follow("a", "greedy", questions("greedy", 500));
        follow("b", "greedy", Set.of(shared));
        follow("c", "modest", Set.of(shared));
        main.answerAll(time);

        time.advance(Duration.ofSeconds(1));

        assertThat(main.asked).contains("shared@1");
    }

    @Test
    void asksForTheNewestTickAfterALongWait() {
        follow("a", "ns", questions("q", 9));
        time.advance(Duration.ofSeconds(5));

        main.answerOne(time);

        assertThat(main.asked).hasSize(9).last().asString().endsWith("@5");
    }

    @Test
    void timesOutTogetherWithThoseThatAreAskedBeforeIt() {
        follow("a", "ns", questions("q", 8));
        follow("b", "ns", Set.of(UP));
        follow("c", "other", Set.of(question("main", "of another")));
        time.advance(Duration.ofSeconds(5));
        main.gaps.add(TICK_0);

        main.answerOne(time);

        assertThat(readings.answers(UP)).containsExactly(new Answer.Missing(TICK_0, Blindness.TIMEOUT));
        assertThat(woken).containsExactlyInAnyOrder("a", "b");
        assertThat(main.asked).last().isEqualTo("up@5");
    }

    @Test
    void waitsForItsTurnAsLongAsOthersAreAnswered() {
        follow("a", "ns", questions("q", 9));
        follow("b", "ns", Set.of(UP));
        time.advance(Duration.ofSeconds(3));
        main.answerOne(time);
        time.advance(Duration.ofSeconds(2));
        main.gaps.add(TICK_0);

        main.answerOne(time);

        assertThat(readings.answers(UP)).isEmpty();
        assertThat(main.asked).last().isEqualTo("up@5");
    }

    @Test
    void doesNotTimeOutWhoHasComeAfterIt() {
        follow("a", "ns", questions("q", 8));
        time.advance(Duration.ofSeconds(2));
        follow("b", "ns", Set.of(UP));
        time.settle();
        main.gaps.add(TICK_0);

        main.answerOne(time);

        assertThat(readings.answers(UP)).isEmpty();
    }

    @Test
    void doesNotTimeOutBehindWhoIsRefused() {
        follow("a", "ns", questions("q", 8));
        follow("b", "ns", Set.of(UP));
        time.advance(Duration.ofSeconds(5));
        main.gaps.add(TICK_0);
        main.why = Blindness.BAD_QUERY;

        main.answerOne(time);

        assertThat(readings.answers(UP)).isEmpty();
    }

    @Test
    void asksWithinANamespaceInTheOrderInWhichItWasWanted() {
        follow("a", "ns", questions("q", 8));
        for (var follower : List.of("b", "c", "d")) {
            follow(follower, "ns", Set.of(question("main", follower)));
        }

        main.answerOne(time);
        main.answerOne(time);

        assertThat(main.asked.subList(8, 10)).containsExactly("b@0", "c@0");
    }

    @Test
    void takesNoPlaceForWhatNobodyWantsAnyMore() {
        follow("a", "ns", questions("q", 8));
        follow("b", "ns", questions("gone", 20));
        readings.follow("b", "ns", Wanted.NOTHING);
        main.answerAll(time);

        follow("c", "ns", Set.of(UP));
        time.settle();

        assertThat(main.asked).hasSize(9).endsWith("up@0");
    }

    @Test
    void doesNotAskForAPastTickThatNobodyWantsWhenItsTurnComes() {
        var past = TICK_0.minusSeconds(60);
        follow("a", "ns", questions("q", 8));
        readings.follow("b", "ns", new Wanted(Set.of(COUNT), Set.of(new Asked(COUNT, past)), Set.of()));
        follow("b", "ns", Set.of(COUNT));

        main.answerAll(time);

        assertThat(main.asked).contains("count@-3").doesNotContain("count@-60");
    }

    @Test
    void asksNumbersAndCountersOfOneIntervalEachInTime() {
        follow("a", "ns", Set.of(new Question("main", "up", Duration.ofSeconds(15), NUMBER), SLOW_COUNT));
        main.answerAll(time);
        time.advance(Duration.ofMillis(9_600));
        main.answerAll(time);
        assertThat(main.asked).hasSize(3).endsWith("count@0");

        time.advance(Duration.ofSeconds(5));
        main.answerAll(time);
        assertThat(main.asked).hasSize(4).endsWith("up@15");
    }

    @Test
    void asksForATickOfThePastHoweverLongItHasWaited() {
        var past = TICK_0.minusSeconds(60);
        follow("a", "ns", questions("q", 8));
        readings.follow("b", "ns", new Wanted(Set.of(), Set.of(new Asked(UP, past)), Set.of()));
        time.advance(Duration.ofSeconds(5));
        main.gaps.add(TICK_0);

        main.answerAll(time);

        assertThat(readings.answers(UP)).containsExactly(new Answer.Value(past, 1));
    }

    @Test
    void keepsADeadProviderFromDelayingAnother() {
        follow("a", "ns", questions("q", 100));
        follow("b", "ns", Set.of(question("other", "up")));

        other.answerAll(time);

        assertThat(woken).containsExactly("b");
    }

    @Test
    void asksEachProviderAtATick() {
        follow("a", "ns", Set.of(UP, question("other", "up")));
        main.answerAll(time);
        other.answerAll(time);

        time.advance(Duration.ofSeconds(1));

        assertThat(main.asked).containsExactly("up@0", "up@1");
        assertThat(other.asked).containsExactly("up@0", "up@1");
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

            @Override
            public CompletableFuture<List<Answer>> askRange(Question question, List<Instant> ticks) {
                return CompletableFuture.completedFuture(List.of());
            }
        };
        var questions =
                Set.of(question("throws", "throws"), question("fails", "fails"), question("x", "of another tick"));
        var sources = Map.<String, MetricSource>of("throws", throwing, "fails", throwing, "x", throwing);
        try (var log = new CapturedLog();
                var its = new Readings(sources, time, time, woken::add, (p, a, t) -> {})) {
            its.follow("a", "ns", Wanted.everyTick(questions));
            var ofOtherTicks = new Question("x", "count", Duration.ofSeconds(15), COUNTERS);
            its.follow("b", "ns", new Wanted(Set.of(), Set.of(), Set.of(ofOtherTicks)));
            time.settle();

            assertThat(its.history(ofOtherTicks)).contains(List.of());
            assertThat(questions)
                    .allSatisfy(question -> assertThat(its.answers(question))
                            .containsExactly(new Answer.Missing(TICK_0, Blindness.BAD_ANSWER)));
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("SourceMisbehaves"))
                    .hasSize(3)
                    .anyMatch(line -> line.contains("provider=throws error=java.lang.IllegalStateException"));
            assertThat(log.lines()).noneMatch(line -> line.contains("marker"));
        }
    }

    @Test
    void tellsOfAMisbehaviourOnceUntilItIsOver() {
        var bad = Set.of(TICK_0, TICK_0.plusSeconds(1), TICK_0.plusSeconds(3));
        var source = new Source() {
            @Override
            public CompletableFuture<Answer> ask(Question question, Instant tick) {
                return bad.contains(tick)
                        ? CompletableFuture.failedFuture(new IllegalStateException())
                        : super.ask(question, tick);
            }
        };
        try (var log = new CapturedLog();
                var its = new Readings(Map.of("main", source), time, time, woken::add, (p, a, t) -> {})) {
            its.follow("a", "ns", Wanted.everyTick(Set.of(UP)));
            for (var second = 0; second < 4; second++) {
                source.answerAll(time);
                time.advance(Duration.ofSeconds(1));
            }

            assertThat(log.lines())
                    .filteredOn(line -> line.contains("SourceMisbehaves"))
                    .hasSize(2);
        }
    }

    @Test
    void goesOnAfterAHearerThatFails() {
        var source = new Source();
        try (var log = new CapturedLog();
                var its = new Readings(
                        Map.of("main", source),
                        time,
                        time,
                        follower -> {
                            throw new IllegalStateException("marker");
                        },
                        (p, a, t) -> {})) {
            its.follow("a", "ns", Wanted.everyTick(questions("q", 9)));
            source.answerAll(time);

            assertThat(source.asked).hasSize(9);
            assertThat(log.lines())
                    .anyMatch(line -> line.contains("HearerFailed error=java.lang.IllegalStateException"))
                    .noneMatch(line -> line.contains("marker"));
        }
    }

    @Test
    @Timeout(60)
    void isReadWhileAnswersCome() {
        var often = new Question("main", "up", Duration.ofMillis(1), NUMBER);
        var source = new Source() {
            @Override
            public CompletableFuture<Answer> ask(Question question, Instant tick) {
                return CompletableFuture.completedFuture(new Answer.Value(tick, 1));
            }
        };
        try (var its = new Readings(
                Map.of("main", source),
                InstantSource.system(),
                new ScheduledThreadPoolExecutor(1),
                follower -> {},
                (p, a, t) -> {})) {
            its.follow("a", "ns", Wanted.everyTick(Set.of(often)));
            var seen = its.answers(often);
            while (seen.size() < 500) {
                seen = its.answers(often);
            }

            assertThat(seen).extracting(Answer::tick).isSorted();
        }
    }

    @Test
    void letsTheObserverKnow() {
        follow("a", "ns", Set.of(UP));
        time.advance(Duration.ofMillis(50));

        main.answerAll(time);

        assertThat(observed).containsExactly("main " + new Answer.Value(TICK_0, 1) + " PT0.05S");
    }

    @Test
    void stopsWhenClosed() {
        follow("a", "ns", Set.of(UP));
        readings.close();

        follow("b", "ns", questions("q", 3));

        assertThat(time.scheduled()).isZero();
    }

    @Test
    void asksCountersOneIntervalAndTwoSecondsAfterTheirTick() {
        follow("a", "ns", Set.of(COUNT));
        main.answerAll(time);

        time.advance(Duration.ofMillis(599));
        main.answerAll(time);
        assertThat(main.asked).containsExactly("count@-3");

        time.advance(Duration.ofMillis(1));
        main.answerAll(time);
        assertThat(main.asked).containsExactly("count@-3", "count@-2");
        assertThat(readings.answers(COUNT))
                .containsExactly(counters(TICK_0.minusSeconds(3)), counters(TICK_0.minusSeconds(2)));
    }

    @Test
    void keepsNumbersAndCountersOfOneTextApart() {
        var number = question("main", "count");
        follow("a", "ns", Set.of(COUNT, number));
        main.answerAll(time);

        assertThat(main.asked).containsExactlyInAnyOrder("count@-3", "count@0");
        assertThat(readings.answers(number)).containsExactly(new Answer.Value(TICK_0, 1));
    }

    @Test
    void asksOnceForATickOfThePastAndKeepsItAsLongAsItIsWanted() {
        var past = TICK_0.minus(Duration.ofMinutes(5));
        for (var round = 0; round < 3; round++) {
            readings.follow("a", "ns", new Wanted(Set.of(COUNT), Set.of(new Asked(COUNT, past)), Set.of()));
            main.answerAll(time);
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(main.asked).containsOnlyOnce("count@-300").hasSize(5);
        assertThat(readings.answers(COUNT)).hasSize(4).startsWith(counters(past));

        follow("a", "ns", Set.of(COUNT));

        assertThat(readings.answers(COUNT)).hasSize(3).doesNotContain(counters(past));
    }

    @Test
    void asksForATickOfThePastThoughNothingElseIsWanted() {
        var past = TICK_0.minus(Duration.ofMinutes(5));
        readings.follow("a", "ns", once(past));
        main.answerAll(time);

        time.advance(Duration.ofMinutes(1));

        assertThat(main.asked).containsExactly("count@-300");
        assertThat(readings.answers(COUNT)).containsExactly(counters(past));
        assertThat(woken).containsExactly("a");
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void doesNotAskAgainForAPastTickThatHadNoAnswer() {
        var past = TICK_0.minus(Duration.ofMinutes(5));
        main.gaps.add(past);
        readings.follow("a", "ns", once(past));
        main.answerAll(time);
        readings.follow("b", "ns", once(past));
        main.answerAll(time);

        assertThat(main.asked).containsExactly("count@-300");
        assertThat(readings.answers(COUNT)).containsExactly(new Answer.Missing(past, Blindness.TIMEOUT));
    }

    @Test
    void doesNotAskForAPastTickThatItKnowsOrIsAskingFor() {
        var newest = TICK_0.minusSeconds(3);
        readings.follow("a", "ns", new Wanted(Set.of(COUNT), Set.of(new Asked(COUNT, newest)), Set.of()));
        main.answerAll(time);
        readings.follow("b", "ns", once(newest));
        main.answerAll(time);

        assertThat(main.asked).containsExactly("count@-3");
    }

    @Test
    void doesNotAskForANewestTickThatItKnows() {
        readings.follow("a", "ns", once(TICK_0.minusSeconds(3)));
        main.answerAll(time);
        follow("b", "ns", Set.of(COUNT));
        main.answerAll(time);

        time.advance(Duration.ofSeconds(1));

        assertThat(main.asked).containsExactly("count@-3", "count@-2");
    }

    @Test
    void waitsTenSecondsForATickOfALongInterval() {
        readings.follow("a", "ns", new Wanted(Set.of(), Set.of(new Asked(SLOW_COUNT, TICK_0)), Set.of()));
        time.advance(Duration.ofMillis(9_500));
        assertThat(main.asked).isEmpty();

        time.advance(Duration.ofMillis(100));

        assertThat(main.asked).containsExactly("count@0");
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void doesNotWaitForATickThatNobodyWantsAnyMore() {
        readings.follow("a", "ns", once(TICK_0));

        readings.follow("a", "ns", Wanted.NOTHING);

        time.settle();
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void hasPastTicksOnTheShareOfTheirNamespace() {
        readings.follow(
                "a",
                "greedy",
                new Wanted(
                        Set.of(),
                        IntStream.range(20, 60)
                                .mapToObj(i -> new Asked(COUNT, TICK_0.minusSeconds(i)))
                                .collect(Collectors.toSet()),
                        Set.of(SLOW_COUNT)));
        time.settle();

        assertThat(main.asked).hasSize(8);
    }

    @Test
    void newestTicksWaitForNoHistory() {
        var questions = counted("count", 20);
        readings.follow("a", "ns", new Wanted(Set.of(), Set.of(), questions));
        time.settle();
        assertThat(main.asked).hasSize(4);

        follow("b", "ns", counted("newest", 4));
        time.settle();

        assertThat(main.asked).hasSize(8);
        main.answerOne(time);
        follow("c", "ns", counted("later", 1));
        main.answerAll(time);
        assertThat(main.asked.subList(4, 8)).allMatch(asked -> asked.startsWith("newest"));
        assertThat(main.asked.indexOf("later0@-3")).isBetween(8, 11);
        assertThat(main.asked).hasSize(25);
    }

    @Test
    void asksForAnHourInFourPieces() {
        readings.follow("a", "ns", history());
        time.settle();
        assertThat(readings.history(SLOW_COUNT)).isEmpty();

        main.answerAll(time);

        assertThat(main.asked)
                .containsExactlyInAnyOrder(
                        "count@-3600..-2715", "count@-2700..-1815", "count@-1800..-915", "count@-900..-15");
        assertThat(readings.history(SLOW_COUNT).orElseThrow())
                .hasSize(240)
                .startsWith(counters(TICK_0.minusSeconds(3600)))
                .endsWith(counters(TICK_0.minusSeconds(15)))
                .extracting(Answer::tick)
                .isSorted();
        assertThat(woken).containsExactly("a");
    }

    @Test
    void asksForTheHistoryOnceAndKeepsIt() {
        readings.follow("a", "ns", history());
        main.answerAll(time);

        time.advance(Duration.ofHours(3));
        readings.follow("b", "ns", history());
        readings.follow("a", "ns", Wanted.NOTHING);
        main.answerAll(time);

        assertThat(main.asked).hasSize(4);
        assertThat(readings.history(SLOW_COUNT).orElseThrow()).hasSize(240);
        assertThat(readings.answers(SLOW_COUNT)).isEmpty();
    }

    @Test
    void goesOnWithAHistoryPieceByPieceWhileItsQuestionIsAskedAtEveryTick() {
        readings.follow("a", "ns", new Wanted(Set.of(SLOW_COUNT), Set.of(), Set.of(SLOW_COUNT)));
        main.answerAll(time);

        for (var tick = 1; tick < 60; tick++) {
            time.advance(SLOW_COUNT.interval());
            main.answerAll(time);
        }
        assertThat(readings.history(SLOW_COUNT).orElseThrow()).endsWith(counters(TICK_0.minusSeconds(15)));
        time.advance(SLOW_COUNT.interval());
        assertThat(readings.history(SLOW_COUNT).orElseThrow()).hasSize(240);
        main.answerAll(time);

        assertThat(main.asked).containsOnlyOnce("count@0..885");
        assertThat(readings.history(SLOW_COUNT).orElseThrow())
                .hasSize(240)
                .startsWith(counters(TICK_0.minusSeconds(2700)))
                .endsWith(counters(TICK_0.plusSeconds(885)))
                .extracting(Answer::tick)
                .isSorted();
    }

    @Test
    void aHistoryThatGoesOnTakesNoMoreRoom() {
        var many = values(1_500);
        main.valuesAt = (question, tick) -> many;
        readings.follow("a", "ns", new Wanted(Set.of(SLOW_COUNT), Set.of(), Set.of(SLOW_COUNT)));
        for (var tick = 0; tick < 8 * 60; tick++) {
            main.answerAll(time);
            time.advance(SLOW_COUNT.interval());
        }
        main.answerAll(time);

        assertThat(readings.history(SLOW_COUNT).orElseThrow())
                .hasSize(240)
                .endsWith(new Answer.Counters(TICK_0.plusSeconds(8 * 900 - 15), many));
    }

    @Test
    void asksForNoFutureHowLongAnIntervalMayBe() {
        var odd = new Question("main", "count", Duration.ofSeconds(7), COUNTERS);
        readings.follow("a", "ns", new Wanted(Set.of(), Set.of(), Set.of(odd)));

        main.answerAll(time);

        assertThat(readings.history(odd).orElseThrow()).hasSize(514).endsWith(counters(Ticks.newest(odd, START)));
    }

    @Test
    void leavesOutOfTheHistoryWhatHasNoAnswer() {
        IntStream.rangeClosed(61, 180).forEach(i -> main.gaps.add(TICK_0.minusSeconds(15L * i)));
        readings.follow("a", "ns", history());

        main.answerAll(time);

        assertThat(readings.history(SLOW_COUNT).orElseThrow()).hasSize(120);
        assertThat(observed)
                .hasSize(4)
                .filteredOn(line -> line.contains("TIMEOUT"))
                .hasSize(2);
    }

    @Test
    void hasAnEmptyHistoryFromABlindSource() {
        IntStream.rangeClosed(1, 240).forEach(i -> main.gaps.add(TICK_0.minusSeconds(15L * i)));
        readings.follow("a", "ns", history());

        main.answerAll(time);

        assertThat(readings.history(SLOW_COUNT)).contains(List.of());
    }

    @Test
    void forgetsAHistoryThatNobodyWantsAnyMore() {
        readings.follow("a", "ns", history());
        main.answerAll(time);

        follow("a", "ns", Set.of(SLOW_COUNT));
        assertThat(readings.history(SLOW_COUNT)).isEmpty();
        time.advance(Duration.ofMinutes(20));
        readings.follow("a", "ns", history());
        main.answerAll(time);

        assertThat(main.asked).contains("count@-2400..-1515").doesNotHaveDuplicates();
    }

    @Test
    void forgetsAHistoryThatNobodyWantsAnyMoreThoughItsQuestionIsAsked() {
        readings.follow("a", "ns", history());
        follow("b", "ns", Set.of(SLOW_COUNT));
        main.answerAll(time);
        assertThat(readings.history(SLOW_COUNT)).isPresent();

        readings.follow("a", "ns", Wanted.NOTHING);

        assertThat(readings.history(SLOW_COUNT)).isEmpty();
    }

    @Test
    void ignoresAPieceOfAHistoryThatWasForgotten() {
        readings.follow("a", "ns", history());
        time.settle();
        readings.follow("a", "ns", Wanted.NOTHING);
        time.advance(Duration.ofMinutes(20));
        readings.follow("a", "ns", history());

        main.answerOne(time);

        assertThat(readings.history(SLOW_COUNT)).isEmpty();
        main.answerAll(time);
        assertThat(readings.history(SLOW_COUNT).orElseThrow())
                .hasSize(240)
                .endsWith(counters(TICK_0.plusSeconds(1_185)));
    }

    @Test
    void asksForShorterHistoriesOfLongIntervals() {
        var seldom = new Question("main", "count", Duration.ofMinutes(10), COUNTERS);
        readings.follow("a", "ns", new Wanted(Set.of(), Set.of(), Set.of(seldom)));

        main.answerAll(time);

        assertThat(main.asked)
                .containsExactlyInAnyOrder(
                        "count@-3600", "count@-3000", "count@-2400", "count@-1800", "count@-1200", "count@-600");
        assertThat(readings.history(seldom).orElseThrow()).hasSize(6);
    }

    @Test
    void asksForNoMoreThan900TicksOfShortIntervals() {
        var often = new Question("main", "count", Duration.ofSeconds(1), COUNTERS);
        readings.follow("a", "ns", new Wanted(Set.of(), Set.of(), Set.of(often)));

        main.answerAll(time);

        assertThat(main.asked).hasSize(1);
        assertThat(readings.history(often).orElseThrow()).hasSize(900).endsWith(counters(Ticks.newest(often, TICK_0)));
    }

    @Test
    void keepsInAHistoryTheSeriesThatWereThereAtEachTick() {
        var came = TICK_0.minusSeconds(1_800);
        main.valuesAt = (question, tick) -> values(tick.isBefore(came) ? 1 : 2);
        readings.follow("a", "ns", history());

        main.answerAll(time);

        assertThat(readings.history(SLOW_COUNT).orElseThrow())
                .hasSize(240)
                .allSatisfy(answer -> assertThat(answer)
                        .isEqualTo(new Answer.Counters(
                                answer.tick(), values(answer.tick().isBefore(came) ? 1 : 2))));
    }

    @Test
    void manyHistoriesBlindNobody() {
        main.valuesAt = (question, tick) -> values(2);
        var questions = counted("count", 700);
        readings.follow("a", "ns", new Wanted(questions, Set.of(), questions));
        everySecond(130);

        assertThat(why(questions)).isEmpty();
        var sizes = questions.stream()
                .map(question -> readings.history(question).orElseThrow().size())
                .collect(Collectors.groupingBy(size -> size, Collectors.counting()));
        assertThat(sizes).containsOnlyKeys(0, 900);
        assertThat(sizes.get(900)).isGreaterThan(500);
    }

    @Test
    void historiesThatNobodyWantsAnyMoreMakeRoom() {
        main.valuesAt = (question, tick) -> values(2);
        for (var prefix : List.of("count", "later")) {
            var questions = counted(prefix, 700);
            readings.follow("a", "ns", Wanted.NOTHING);
            readings.follow("a", "ns", new Wanted(Set.of(), Set.of(), questions));
            everySecond(130);

            assertThat(questions)
                    .filteredOn(
                            question -> readings.history(question).orElseThrow().size() == 900)
                    .hasSizeGreaterThan(500);
        }
    }

    @Test
    void oneNamespacesHistoriesLetThoseOfAnotherThrough() {
        readings.follow("a", "ns", new Wanted(Set.of(), Set.of(), counted("a", 20)));
        readings.follow("b", "other", new Wanted(Set.of(), Set.of(), counted("b", 20)));
        time.settle();

        assertThat(main.asked).hasSize(8);
        assertThat(main.asked).filteredOn(asked -> asked.startsWith("b")).hasSize(4);
    }

    @Test
    void knowsNoHistoryOfNumbers() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Wanted(Set.of(), Set.of(), Set.of(UP)));
    }

    private static Wanted once(Instant tick) {
        return new Wanted(Set.of(), Set.of(new Asked(COUNT, tick)), Set.of());
    }

    private static Wanted history() {
        return new Wanted(Set.of(), Set.of(), Set.of(SLOW_COUNT));
    }

    @Test
    void blindsTheNamespaceThatAsksForTooMuchAndNoOther() {
        main.valuesAt = (question, tick) -> values(2_000);
        follow("greedy", "ns", both(counted("greedy", 8), counted("shared", 1)));
        follow("modest", "other", both(counted("modest", 1), counted("shared", 1)));
        everySecond(130);

        assertThat(why(counted("greedy", 8))).contains(Blindness.TOO_LARGE);
        assertThat(why(counted("modest", 1))).isEmpty();
        assertThat(why(counted("shared", 1))).isEmpty();

        follow("greedy", "ns", counted("greedy", 7));
        everySecond(130);

        assertThat(why(counted("greedy", 7))).isEmpty();
    }

    private void everySecond(int seconds) {
        for (var second = 0; second < seconds; second++) {
            main.answerAll(time);
            time.advance(Duration.ofSeconds(1));
        }
    }

    /** Why answers are missing. */
    private Set<Blindness> why(Set<Question> questions) {
        var answers = questions.stream()
                .flatMap(question -> readings.answers(question).stream())
                .toList();
        assertThat(answers.size()).isGreaterThan(100 * questions.size());
        return answers.stream()
                .flatMap(answer -> answer.whyNoNumber().stream())
                .filter(why -> why != Blindness.WRONG_TYPE)
                .collect(Collectors.toSet());
    }

    private static Set<Question> both(Set<Question> some, Set<Question> others) {
        return Stream.concat(some.stream(), others.stream()).collect(Collectors.toSet());
    }

    private static Set<Question> counted(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Question("main", prefix + i, Duration.ofSeconds(1), COUNTERS))
                .collect(Collectors.toSet());
    }

    @Test
    void leavesAHistoryOutThatIsTooLarge() {
        main.valuesAt = (question, tick) -> values(8_000);
        readings.follow("a", "ns", history());
        main.answerAll(time);

        assertThat(readings.history(SLOW_COUNT).orElseThrow().size()).isLessThan(240);
        assertThat(woken).containsExactly("a");
    }

    @Test
    void aHistoryThatIsTooLargeTakesNoRoomFromOthers() {
        var large = new Question("main", "large", SLOW_COUNT.interval(), COUNTERS);
        var many = values(8_000);
        main.valuesAt = (question, tick) -> question.equals(large) ? many : ONE_VALUE;
        readings.follow("a", "ns", new Wanted(Set.of(), Set.of(), Set.of(large)));
        main.answerAll(time);
        readings.follow("b", "ns", history());
        main.answerAll(time);

        assertThat(readings.history(SLOW_COUNT).orElseThrow()).hasSize(240);
    }

    @Test
    void anAnswerThatIsTooLargeTakesNoRoomFromOthers() {
        var past = TICK_0.minus(Duration.ofMinutes(5));
        var many = values(200_000);
        main.valuesAt = (question, tick) -> tick.equals(past) ? many : ONE_VALUE;
        readings.follow("a", "ns", new Wanted(Set.of(COUNT), Set.of(new Asked(SLOW_COUNT, past)), Set.of()));
        everySecond(5);

        assertThat(readings.answers(SLOW_COUNT)).containsExactly(new Answer.Missing(past, Blindness.TOO_LARGE));
        assertThat(readings.answers(COUNT)).hasSize(5).allMatch(answer -> answer instanceof Answer.Counters);
    }

    private void follow(String follower, String namespace, Set<Question> questions) {
        readings.follow(follower, namespace, Wanted.everyTick(questions));
    }

    private static Map<Series, Double> values(int count) {
        return IntStream.range(0, count)
                .boxed()
                .collect(Collectors.toMap(i -> new Series("job", "pod-" + i, "instance", ""), i -> 1.0));
    }

    private static Answer counters(Instant tick) {
        return new Answer.Counters(tick, ONE_VALUE);
    }

    private static Question question(String provider, String query) {
        return new Question(provider, query, Duration.ofSeconds(1), NUMBER);
    }

    private static Set<Question> questions(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> question("main", prefix + i))
                .collect(Collectors.toSet());
    }

    /** Answers with 1, when told to. */
    private static class Source implements MetricSource {

        private record Pending(Question question, List<Instant> ticks, CompletableFuture<List<Answer>> answers) {}

        BiFunction<Question, Instant, Map<Series, Double>> valuesAt = (question, tick) -> ONE_VALUE;

        /** Ticks at which it has no answer. */
        final Set<Instant> gaps = new HashSet<>();

        /** Why it has none. */
        Blindness why = Blindness.TIMEOUT;

        final List<String> asked = new ArrayList<>();
        private final List<Pending> pending = new ArrayList<>();

        @Override
        public CompletableFuture<Answer> ask(Question question, Instant tick) {
            asked.add(question.query() + "@" + seconds(tick));
            return pend(question, List.of(tick)).thenApply(answers -> answers.get(0));
        }

        @Override
        public CompletableFuture<List<Answer>> askRange(Question question, List<Instant> ticks) {
            asked.add(question.query() + "@" + seconds(ticks.get(0)) + ".." + seconds(ticks.get(ticks.size() - 1)));
            return pend(question, ticks);
        }

        private CompletableFuture<List<Answer>> pend(Question question, List<Instant> ticks) {
            var answers = new CompletableFuture<List<Answer>>();
            pending.add(new Pending(question, ticks, answers));
            return answers;
        }

        private static long seconds(Instant tick) {
            return Duration.between(TICK_0, tick).toSeconds();
        }

        private Answer answer(Question question, Instant tick) {
            if (gaps.contains(tick)) {
                return new Answer.Missing(tick, why);
            }
            return question.form() == NUMBER
                    ? new Answer.Value(tick, 1)
                    : new Answer.Counters(tick, valuesAt.apply(question, tick));
        }

        void answerOne(HandDrivenTime time) {
            time.settle();
            var first = pending.remove(0);
            first.answers()
                    .complete(first.ticks().stream()
                            .map(tick -> answer(first.question(), tick))
                            .toList());
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
