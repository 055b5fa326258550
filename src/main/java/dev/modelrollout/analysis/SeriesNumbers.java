package dev.modelrollout.analysis;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Numbers by series, unmodifiable. Answers to one question are kept for many ticks, and their series hardly change: a
 * number takes 8 bytes, and the series, which take 300, may be those of another answer.
 */
final class SeriesNumbers extends AbstractMap<Series, Double> {

    private static final Comparator<Series> ORDER = comparing(Series::job)
            .thenComparing(Series::pod)
            .thenComparing(Series::instance)
            .thenComparing(Series::le);

    /** In their order. */
    private final List<Series> series;

    private final double[] numbers;

    private SeriesNumbers(List<Series> series, double[] numbers) {
        this.series = series;
        this.numbers = numbers;
    }

    static SeriesNumbers of(Map<Series, Double> numbers) {
        var series = new ArrayList<>(numbers.keySet());
        series.sort(ORDER);
        var sorted = new double[series.size()];
        for (var at = 0; at < sorted.length; at++) {
            sorted[at] = requireNonNull(numbers.get(series.get(at)));
        }
        return new SeriesNumbers(List.copyOf(series), sorted);
    }

    /** Whether each is finite and not negative. */
    boolean areCounters() {
        for (var number : numbers) {
            if (!Double.isFinite(number) || number < 0) {
                return false;
            }
        }
        return true;
    }

    /** The same, with the other's series where they are equal. */
    SeriesNumbers sharing(SeriesNumbers other) {
        return new SeriesNumbers(
                series.equals(other.series)
                        ? other.series
                        : series.stream().map(other::known).toList(),
                numbers);
    }

    private Series known(Series one) {
        var at = Collections.binarySearch(series, one, ORDER);
        return at < 0 ? one : series.get(at);
    }

    /** About how many it takes that are not counted yet. */
    long bytes(Set<Object> counted) {
        var bytes = (long) Double.BYTES * numbers.length;
        if (counted.add(series)) {
            bytes += (long) Integer.BYTES * series.size();
            bytes += series.stream()
                    .filter(counted::add)
                    .mapToLong(Series::bytes)
                    .sum();
        }
        return bytes;
    }

    @Override
    public void forEach(BiConsumer<? super Series, ? super Double> action) {
        for (var at = 0; at < numbers.length; at++) {
            action.accept(series.get(at), numbers[at]);
        }
    }

    @Override
    public Set<Entry<Series, Double>> entrySet() {
        return new Entries();
    }

    private final class Entries extends AbstractSet<Entry<Series, Double>> {

        @Override
        public Iterator<Entry<Series, Double>> iterator() {
            return IntStream.range(0, numbers.length)
                    .mapToObj(at -> Map.entry(series.get(at), numbers[at]))
                    .iterator();
        }

        @Override
        public int size() {
            return numbers.length;
        }
    }
}
