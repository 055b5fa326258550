package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Blindness.BAD_ANSWER;
import static dev.modelrollout.analysis.Blindness.MANY_SERIES;
import static dev.modelrollout.analysis.Blindness.NOT_FINITE;
import static dev.modelrollout.analysis.Blindness.NO_DATA;
import static dev.modelrollout.analysis.Blindness.PARTIAL_DATA;
import static dev.modelrollout.analysis.Blindness.STALE;
import static dev.modelrollout.analysis.Blindness.WRONG_TYPE;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Makes one number of the body of an instant query, as described in "HTTP API" of Prometheus' documentation.
 *
 * @param lookback how much older than the tick a sample may be
 */
record AnswerReader(Instant tick, Duration lookback) {

    private static final ObjectReader JSON = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .reader();

    /** Never throws: a body that makes no sense is an answer too. */
    Answer read(byte[] body) {
        try {
            return response(JSON.readTree(body));
        } catch (IOException itsMessageShowsTheBody) {
            return missing(BAD_ANSWER);
        }
    }

    private Answer response(JsonNode response) {
        if (!"success".equals(response.path("status").asText())) {
            return missing(BAD_ANSWER);
        }
        if (!response.path("warnings").isEmpty()) {
            return missing(PARTIAL_DATA);
        }
        var data = response.path("data");
        var result = data.path("result");
        return switch (data.path("resultType").asText()) {
            case "scalar" -> sample(result);
            case "vector" -> vector(result);
            case "matrix", "string" -> missing(WRONG_TYPE);
            default -> missing(BAD_ANSWER);
        };
    }

    private Answer vector(JsonNode series) {
        if (!series.isArray()) {
            return missing(BAD_ANSWER);
        }
        return switch (series.size()) {
            case 0 -> missing(NO_DATA);
            case 1 ->
                series.get(0).has("histogram")
                        ? missing(WRONG_TYPE)
                        : sample(series.get(0).path("value"));
            default -> missing(MANY_SERIES);
        };
    }

    private Answer sample(JsonNode pair) {
        if (pair.size() != 2 || !pair.path(0).isNumber() || !pair.path(1).isTextual()) {
            return missing(BAD_ANSWER);
        }
        return isTimely(pair.get(0).asDouble()) ? number(pair.get(1).asText()) : missing(STALE);
    }

    private boolean isTimely(double epochSeconds) {
        var latest = tick.toEpochMilli();
        var millis = Math.round(epochSeconds * 1000);
        return millis <= latest && millis >= latest - lookback.toMillis();
    }

    private Answer number(String text) {
        return switch (text) {
            case "NaN" -> missing(NO_DATA);
            case "+Inf", "-Inf" -> missing(NOT_FINITE);
            default -> finite(text);
        };
    }

    private Answer finite(String text) {
        try {
            var value = Double.parseDouble(text);
            return Double.isFinite(value) ? new Answer.Value(tick, value) : missing(BAD_ANSWER);
        } catch (NumberFormatException itsMessageShowsTheBody) {
            return missing(BAD_ANSWER);
        }
    }

    private Answer missing(Blindness why) {
        return new Answer.Missing(tick, why);
    }
}
