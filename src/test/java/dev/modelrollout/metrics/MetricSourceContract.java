package dev.modelrollout.metrics;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What every metric source keeps: a failing server is an answer, in time, and says why. */
public abstract class MetricSourceContract {

    protected static final Instant TICK = Instant.parse("2026-01-01T00:00:00Z");
    protected static final Question QUESTION = new Question("main", "up", Duration.ofSeconds(1));

    /** A source whose server gives this one number. */
    protected abstract MetricSource answering(double value);

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

    protected static void assertBlind(MetricSource source, Blindness why) {
        assertThat(ask(source)).isEqualTo(new Answer.Missing(TICK, why));
    }
}
