package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Blindness.STALE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelrollout.analysis.Blindness;
import java.util.Optional;

/**
 * A value at its time.
 *
 * @param epochMillis rounded
 * @param value any, also NaN and infinite
 */
record Sample(long epochMillis, double value) {

    /** What {@code [SECONDS, "VALUE"]} says; empty when it says nothing. */
    static Optional<Sample> of(JsonNode pair) {
        return pair.size() == 2 && pair.path(0).isNumber() && pair.path(1).isTextual()
                ? number(pair.get(1).asText())
                        .map(value -> new Sample(Math.round(pair.get(0).asDouble() * 1000), value))
                : Optional.empty();
    }

    /** Whether it is too old for the first tick of this call, or later than it. */
    Optional<Blindness> staleness(Call call) {
        var latest = call.first().toEpochMilli();
        return epochMillis <= latest && epochMillis >= latest - call.lookback().toMillis()
                ? Optional.empty()
                : Optional.of(STALE);
    }

    /** A number that no double can hold is none. */
    private static Optional<Double> number(String text) {
        return switch (text) {
            case "NaN" -> Optional.of(Double.NaN);
            case "+Inf" -> Optional.of(Double.POSITIVE_INFINITY);
            case "-Inf" -> Optional.of(Double.NEGATIVE_INFINITY);
            default -> finite(text);
        };
    }

    private static Optional<Double> finite(String text) {
        try {
            return Optional.of(Double.parseDouble(text)).filter(Double::isFinite);
        } catch (NumberFormatException itsMessageShowsTheBody) {
            return Optional.empty();
        }
    }
}
