package dev.modelrollout.metrics;

import static dev.modelrollout.analysis.Question.Form.NUMBER;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What every metric source keeps: a failing server is an answer, in time, and says why. */
public abstract class MetricSourceContract {

    protected static final Instant TICK = Instant.parse("2026-01-01T00:00:00Z");
    protected static final Question QUESTION = new Question("main", "up", Duration.ofSeconds(1), NUMBER);
    protected static final Question COUNTERS =
            new Question("main", "requests_total", Duration.ofSeconds(1), Question.Form.COUNTERS);
    protected static final List<Instant> TICKS = List.of(TICK.minusSeconds(2), TICK.minusSeconds(1), TICK);
    protected static final Series SERIES = new Series("chat", "chat-1", "10.0.0.1:80", "");

    /** A source whose server gives this one number. */
    protected abstract MetricSource answering(double value);

    /** A source whose server gives this one counter at {@link #TICK}. */
    protected abstract MetricSource counting(Series series, double value);

    /** A source whose server gives this one counter at these times. */
    protected abstract MetricSource recording(Series series, Map<Instant, Double> values);

    /** A source whose server has no number. */
    protected abstract MetricSource empty();

    /** A source whose server has two series. */
    protected abstract MetricSource ambiguous();

    /** A source at whose address nothing listens. */
    protected abstract MetricSource unreachable();

    /** A source whose server takes the request and says nothing; its timeout is a second at most. */
    protected abstract MetricSource silent();

    /** A source whose server has a fault of its own. */
    protected abstract MetricSource failing();

    /** A source whose server never ends its answer. */
    protected abstract MetricSource endless();

    /** A source whose server refuses the query. */
    protected abstract MetricSource refusingQuery();

    /** A source whose server refuses the credentials. */
    protected abstract MetricSource refusingCredentials();

    @Test
    void givesTheNumberWithItsTick() {
        assertThat(ask(answering(0.25))).isEqualTo(new Answer.Value(TICK, 0.25));
    }

    @Test
    void givesCountersWithTheirTick() {
        var counters = new Answer.Counters(TICK, Map.of(SERIES, 7.0));

        assertThat(ask(counting(SERIES, 7), COUNTERS)).isEqualTo(counters);
    }

    @Test
    void hasNoCountersFromAnEmptyAnswer() {
        assertThat(ask(empty(), COUNTERS)).isEqualTo(new Answer.Missing(TICK, Blindness.NO_DATA));
    }

    @Test
    void givesAnAnswerForEachTickOfARange() {
        var source = recording(SERIES, Map.of(TICKS.get(0), 7.0, TICKS.get(2), 9.0));

        assertThat(askRange(source))
                .containsExactly(
                        new Answer.Counters(TICKS.get(0), Map.of(SERIES, 7.0)),
                        new Answer.Missing(TICKS.get(1), Blindness.NO_DATA),
                        new Answer.Counters(TICKS.get(2), Map.of(SERIES, 9.0)));
    }

    @TestFactory
    Stream<DynamicTest> saysForEachTickWhyARangeFailed() {
        return Stream.of(
                        Map.entry(unreachable(), Blindness.UNREACHABLE),
                        Map.entry(silent(), Blindness.TIMEOUT),
                        Map.entry(failing(), Blindness.SERVER_ERROR),
                        Map.entry(endless(), Blindness.TOO_LARGE),
                        Map.entry(refusingQuery(), Blindness.BAD_QUERY),
                        Map.entry(refusingCredentials(), Blindness.CREDENTIALS_REJECTED))
                .map(c -> dynamicTest(
                        c.getValue().text(),
                        () -> assertThat(askRange(c.getKey()))
                                .isEqualTo(TICKS.stream()
                                        .map(tick -> new Answer.Missing(tick, c.getValue()))
                                        .toList())));
    }

    @Test
    void hasNoNumberFromAnEmptyAnswer() {
        assertBlind(empty(), Blindness.NO_DATA);
    }

    @Test
    void doesNotChooseAmongSeries() {
        assertBlind(ambiguous(), Blindness.MANY_SERIES);
    }

    @Test
    void saysThatNothingListens() {
        assertBlind(unreachable(), Blindness.UNREACHABLE);
    }

    @Test
    void givesUpOnASilentServer() {
        assertBlind(silent(), Blindness.TIMEOUT);
    }

    @Test
    void tellsAFailingServer() {
        assertBlind(failing(), Blindness.SERVER_ERROR);
    }

    @Test
    void cutsAnEndlessAnswer() {
        assertBlind(endless(), Blindness.TOO_LARGE);
    }

    @Test
    void tellsARefusedQuery() {
        assertBlind(refusingQuery(), Blindness.BAD_QUERY);
    }

    @Test
    void tellsRefusedCredentials() {
        assertBlind(refusingCredentials(), Blindness.CREDENTIALS_REJECTED);
    }

    /** The answer to {@link #QUESTION}; the ceiling ends hangs. */
    protected static Answer ask(MetricSource source) {
        return ask(source, QUESTION);
    }

    protected static Answer ask(MetricSource source, Question question) {
        return source.ask(question, TICK).orTimeout(30, SECONDS).join();
    }

    /** The answers to {@link #COUNTERS} at {@link #TICKS}. */
    protected static List<Answer> askRange(MetricSource source) {
        return source.askRange(COUNTERS, TICKS).orTimeout(30, SECONDS).join();
    }

    protected static void assertBlind(MetricSource source, Blindness why) {
        assertThat(ask(source)).isEqualTo(new Answer.Missing(TICK, why));
    }
}
