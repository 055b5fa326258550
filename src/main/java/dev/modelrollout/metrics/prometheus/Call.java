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
import java.util.List;
import java.util.stream.Stream;

/**
 * One request: a question at one tick or at several.
 *
 * @param ticks consecutive, oldest first; not empty
 */
record Call(Question question, List<Instant> ticks) {

    private static final Duration MIN_LOOKBACK = Duration.ofMinutes(1);
    private static final Duration MIN_TOLERATED_SKEW = Duration.ofSeconds(2);

    Call {
        ticks = List.copyOf(ticks);
    }

    /** Below {@code /api/v1/}. */
    String path() {
        return isInstant() ? "query" : "query_range";
    }

    boolean isInstant() {
        return ticks.size() == 1;
    }

    Instant first() {
        return ticks.get(0);
    }

    /** An older sample is no answer. */
    Duration lookback() {
        return longer(question.interval().multipliedBy(2), MIN_LOOKBACK);
    }

    /** By how much the server's clock and ours may disagree. */
    Duration toleratedSkew() {
        return longer(question.interval().dividedBy(2), MIN_TOLERATED_SKEW);
    }

    /** The parameters, encoded. */
    String form(Duration timeout) {
        return Stream.of(
                        Stream.of(parameter("query", question.query())),
                        isInstant() ? Stream.of(parameter("time", seconds(first()))) : range(),
                        Stream.of(
                                parameter("timeout", timeout.toMillis() + "ms"),
                                parameter("lookback_delta", lookback().toMillis() + "ms")))
                .flatMap(parameters -> parameters)
                .collect(joining("&"));
    }

    /** No answer at any of the ticks. */
    List<Answer> missing(Blindness why) {
        return ticks.stream().<Answer>map(tick -> new Answer.Missing(tick, why)).toList();
    }

    private Stream<String> range() {
        return Stream.of(
                parameter("start", seconds(first())),
                parameter("end", seconds(ticks.get(ticks.size() - 1))),
                parameter("step", question.interval().toMillis() + "ms"));
    }

    private static String seconds(Instant tick) {
        return BigDecimal.valueOf(tick.toEpochMilli(), 3).toPlainString();
    }

    private static String parameter(String name, String value) {
        return name + "=" + URLEncoder.encode(value, UTF_8);
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? b : a;
    }
}
