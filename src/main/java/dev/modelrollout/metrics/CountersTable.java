package dev.modelrollout.metrics;

import static java.util.Objects.requireNonNull;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Series;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Counters of many ticks: 8 bytes for each series at each tick, whether it was there then or not. */
final class CountersTable {

    static final CountersTable EMPTY = new CountersTable(List.of());

    private final List<Series> series;

    /** Tick by tick; NaN where a series was not there. */
    private final double[] numbers;

    CountersTable(List<Answer> answers) {
        series = answers.stream()
                .flatMap(answer -> answer.counters().stream())
                .flatMap(counters -> counters.values().keySet().stream())
                .distinct()
                .toList();
        var columns = new HashMap<Series, Integer>();
        series.forEach(one -> columns.put(one, columns.size()));
        numbers = new double[answers.size() * series.size()];
        Arrays.fill(numbers, Double.NaN);
        for (var tick = 0; tick < answers.size(); tick++) {
            var row = tick * series.size();
            answers.get(tick)
                    .counters()
                    .ifPresent(counters -> counters.values()
                            .forEach((one, number) -> numbers[row + requireNonNull(columns.get(one))] = number));
        }
    }

    /**
     * Those that are counters.
     *
     * @param ticks of all answers, in their order
     */
    Stream<Answer> answers(List<Instant> ticks) {
        return IntStream.range(0, ticks.size()).boxed().flatMap(at -> answer(ticks.get(at), values(at)).stream());
    }

    private static Optional<Answer> answer(Instant tick, Map<Series, Double> values) {
        return values.isEmpty() ? Optional.empty() : Optional.of(new Answer.Counters(tick, values));
    }

    private Map<Series, Double> values(int tick) {
        var values = new HashMap<Series, Double>();
        for (var column = 0; column < series.size(); column++) {
            var number = numbers[tick * series.size() + column];
            if (!Double.isNaN(number)) {
                values.put(series.get(column), number);
            }
        }
        return values;
    }

    /** About how many it takes. */
    long bytes() {
        return (long) Double.BYTES * numbers.length
                + series.stream().mapToLong(Series::bytes).sum();
    }
}
