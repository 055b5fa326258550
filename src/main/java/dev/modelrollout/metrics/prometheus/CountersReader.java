package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Blindness.BAD_ANSWER;
import static dev.modelrollout.analysis.Blindness.STALE;
import static dev.modelrollout.analysis.Blindness.TOO_LARGE;
import static dev.modelrollout.analysis.Blindness.WRONG_TYPE;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Series;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes counters of the vector of an instant query, or of the matrix of a range query. */
final class CountersReader {

    private static final int MAX_SERIES = 2_000;
    private static final List<String> HISTOGRAM = List.of("histogram", "histograms");

    private final Call call;

    /** By the milliseconds of their ticks. */
    private final Map<Long, Tally> tallies = new LinkedHashMap<>();

    CountersReader(Call call) {
        this.call = call;
        call.ticks().forEach(tick -> tallies.put(tick.toEpochMilli(), new Tally()));
    }

    /** One for each tick of the call. */
    List<Answer> read(JsonNode result) {
        return fault(result)
                .map(call::missing)
                .orElseGet(() -> call.ticks().stream().map(this::answer).toList());
    }

    private Answer answer(Instant tick) {
        return tallies.getOrDefault(tick.toEpochMilli(), new Tally()).answer(tick);
    }

    /** What spoils all ticks, if anything does. */
    private Optional<Blindness> fault(JsonNode result) {
        if (!result.isArray()) {
            return Optional.of(BAD_ANSWER);
        }
        if (result.size() > MAX_SERIES) {
            return Optional.of(TOO_LARGE);
        }
        for (var element : result) {
            var fault = fault(element, element.path("metric"));
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private Optional<Blindness> fault(JsonNode element, JsonNode labels) {
        if (HISTOGRAM.stream().anyMatch(element::has)) {
            return Optional.of(WRONG_TYPE);
        }
        return series(labels)
                .map(series -> call.isInstant()
                        ? take(series, element.path("value"))
                        : takeAll(series, element.path("values")))
                .orElse(Optional.of(BAD_ANSWER));
    }

    private Optional<Blindness> takeAll(Series series, JsonNode pairs) {
        if (!pairs.isArray()) {
            return Optional.of(BAD_ANSWER);
        }
        for (var pair : pairs) {
            var fault = take(series, pair);
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private Optional<Blindness> take(Series series, JsonNode pair) {
        var sample = Sample.of(pair);
        if (sample.isEmpty()) {
            return Optional.of(BAD_ANSWER);
        }
        var tally = sample.flatMap(this::tally);
        tally.ifPresent(its -> its.add(series, sample.get().value()));
        return tally.isPresent() ? Optional.empty() : Optional.of(STALE);
    }

    /** An instant query may answer with an older sample; a range query answers at the very ticks. */
    private Optional<Tally> tally(Sample sample) {
        var tick = call.isInstant() && sample.staleness(call).isEmpty()
                ? call.first().toEpochMilli()
                : sample.epochMillis();
        return Optional.ofNullable(tallies.get(tick));
    }

    /** Empty when these are no labels. */
    private static Optional<Series> series(JsonNode labels) {
        try {
            return labels.isObject()
                    ? Optional.of(new Series(
                            label(labels, "job"), label(labels, "pod"), label(labels, "instance"), label(labels, "le")))
                    : Optional.empty();
        } catch (IllegalArgumentException noNumber) {
            return Optional.empty();
        }
    }

    private static String label(JsonNode labels, String name) {
        return labels.path(name).asText("");
    }
}
