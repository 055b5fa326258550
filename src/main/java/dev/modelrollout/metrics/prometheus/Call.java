package dev.modelrollout.metrics.prometheus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/** One question at one tick. */
record Call(Question question, Instant tick) {

    private static final Duration MIN_LOOKBACK = Duration.ofMinutes(1);
    private static final Duration MIN_TOLERATED_SKEW = Duration.ofSeconds(2);

    /** An older sample is no answer. */
    Duration lookback() {
        return longer(question.interval().multipliedBy(2), MIN_LOOKBACK);
    }

    /** By how much the server's clock and ours may disagree. */
    Duration toleratedSkew() {
        return longer(question.interval().dividedBy(2), MIN_TOLERATED_SKEW);
    }

    /** The parameters of an instant query, encoded. */
    String form(Duration timeout) {
        return Stream.of(
                        parameter("query", question.query()),
                        parameter(
                                "time",
                                BigDecimal.valueOf(tick.toEpochMilli(), 3).toPlainString()),
                        parameter("timeout", timeout.toMillis() + "ms"),
                        parameter("lookback_delta", lookback().toMillis() + "ms"))
                .collect(joining("&"));
    }

    Answer missing(Blindness why) {
        return new Answer.Missing(tick, why);
    }

    private static String parameter(String name, String value) {
        return name + "=" + URLEncoder.encode(value, UTF_8);
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }
}
