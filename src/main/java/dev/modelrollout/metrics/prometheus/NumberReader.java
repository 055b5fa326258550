package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Blindness.BAD_ANSWER;
import static dev.modelrollout.analysis.Blindness.MANY_SERIES;
import static dev.modelrollout.analysis.Blindness.NOT_FINITE;
import static dev.modelrollout.analysis.Blindness.NO_DATA;
import static dev.modelrollout.analysis.Blindness.WRONG_TYPE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;

/** Makes one number of the result of an instant query. */
record NumberReader(Call call) {

    Answer read(String type, JsonNode result) {
        return switch (type) {
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
        return Sample.of(pair)
                .map(sample -> sample.staleness(call).map(this::missing).orElseGet(() -> number(sample)))
                .orElseGet(() -> missing(BAD_ANSWER));
    }

    private Answer number(Sample sample) {
        if (Double.isNaN(sample.value())) {
            return missing(NO_DATA);
        }
        return Double.isInfinite(sample.value()) ? missing(NOT_FINITE) : new Answer.Value(call.first(), sample.value());
    }

    private Answer missing(Blindness why) {
        return new Answer.Missing(call.first(), why);
    }
}
