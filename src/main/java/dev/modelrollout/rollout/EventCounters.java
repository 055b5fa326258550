package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.RawCounters.Sample;
import dev.modelrollout.analysis.Series;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where bad and all events of a version are counted. */
public sealed interface EventCounters {

    /** The instance of a sum that does not tell its instances apart. */
    String ANONYMOUS = "  ";

    /** What is asked, in the order of the answers. */
    List<QueryTemplate> queries();

    /** The answers of one tick as one observation. No series of all events is no event. */
    Observation observe(List<Answer> answers);

    /** What to write because such answers are of no use; empty when the reason says it all. */
    default Optional<String> remedy(List<Answer> answers) {
        return Optional.empty();
    }

    /** Whether cold caches make the first windows worse than the rest. */
    boolean startsCold();

    /** Two counters. */
    record Events(QueryTemplate bad, QueryTemplate total) implements EventCounters {

        @Override
        public List<QueryTemplate> queries() {
            return List.of(bad, total);
        }

        @Override
        public Observation observe(List<Answer> answers) {
            return counters(answers.get(1))
                    .fold(
                            Observation::missing,
                            all -> counters(answers.get(0)).fold(Observation::missing, some -> joined(some, all)));
        }

        /** Bad events of an instance that has no events at all are counted by something else than all events are. */
        private static Observation joined(Map<String, Double> some, Map<String, Double> all) {
            if (!all.keySet().containsAll(some.keySet())
                    || Stream.concat(all.values().stream(), some.values().stream())
                            .anyMatch(count -> count.isInfinite())) {
                return Observation.missing(Blindness.OUT_OF_DOMAIN);
            }
            var instances = new HashMap<String, Sample>();
            all.forEach((instance, count) -> instances.put(instance, new Sample(some.get(instance), count)));
            return Observation.of(instances);
        }

        @Override
        public boolean startsCold() {
            return false;
        }
    }

    /**
     * A histogram of durations; what is slower than a bucket's bound is bad.
     *
     * @param slowerThan in the histogram's unit
     */
    record SlowRequests(QueryTemplate buckets, double slowerThan) implements EventCounters {

        private static final double TOLERANCE = 0.01;

        @Override
        public List<QueryTemplate> queries() {
            return List.of(buckets);
        }

        @Override
        public Observation observe(List<Answer> answers) {
            return answers.get(0)
                    .fold(
                            value -> Observation.missing(Blindness.WRONG_TYPE),
                            this::observed,
                            why -> why == Blindness.NO_DATA ? Observation.of(Map.of()) : Observation.missing(why));
        }

        /** One bound may have several texts while both of them are alive. */
        private Observation observed(Answer.Counters counters) {
            var quick = new HashMap<String, Double>();
            var all = new HashMap<String, Double>();
            counters.values().forEach((series, count) -> {
                if (isLimit(series.bound())) {
                    quick.merge(instance(series), count, Math::max);
                } else if (isInfinite(series.bound())) {
                    all.merge(instance(series), count, Math::max);
                }
            });
            if (quick.isEmpty() || !quick.keySet().equals(all.keySet())) {
                return Observation.missing(Blindness.NO_BOUND);
            }
            var instances = new HashMap<String, Sample>();
            all.forEach((instance, count) ->
                    instances.put(instance, new Sample(Math.max(0, count - quick.getOrDefault(instance, 0.0)), count)));
            return Observation.of(instances);
        }

        private boolean isLimit(OptionalDouble bound) {
            return bound.isPresent() && Math.abs(bound.getAsDouble() - slowerThan) <= TOLERANCE * slowerThan;
        }

        private static boolean isInfinite(OptionalDouble bound) {
            return bound.isPresent() && Double.isInfinite(bound.getAsDouble());
        }

        /** The bounds around the one that the histogram lacks. */
        @Override
        public Optional<String> remedy(List<Answer> answers) {
            return answers.get(0)
                    .fold(value -> Optional.empty(), counters -> nearest(bounds(counters)), why -> Optional.empty());
        }

        private static TreeSet<Double> bounds(Answer.Counters counters) {
            return counters.values().keySet().stream()
                    .flatMap(series -> series.bound().stream().boxed())
                    .filter(bound -> !bound.isInfinite())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        private Optional<String> nearest(TreeSet<Double> bounds) {
            return bounds.isEmpty() || bounds.stream().anyMatch(bound -> isLimit(OptionalDouble.of(bound)))
                    ? Optional.empty()
                    : Optional.of("The histogram has no bucket bound " + Numbers.text(slowerThan) + "; nearest: "
                            + Stream.of(bounds.floor(slowerThan), bounds.ceiling(slowerThan))
                                    .flatMap(Stream::ofNullable)
                                    .map(Numbers::text)
                                    .collect(Collectors.joining(", "))
                            + ". Set slowerThan to one of its bounds");
        }

        @Override
        public boolean startsCold() {
            return true;
        }
    }

    /** One process that is scraped; pods first, so that sorting takes pods in turn. */
    private static String instance(Series series) {
        return series.pod() + " " + series.instance() + " " + series.job();
    }

    /** Counters by instance, or why there are none. */
    private static Counted counters(Answer answer) {
        return answer.fold(
                value -> new Counted(null, Blindness.WRONG_TYPE),
                counters -> new Counted(byInstance(counters), null),
                why -> why == Blindness.NO_DATA ? new Counted(Map.of(), null) : new Counted(null, why));
    }

    private static Map<String, Double> byInstance(Answer.Counters counters) {
        var sums = new HashMap<String, Double>();
        counters.values().forEach((series, count) -> sums.merge(instance(series), count, Double::sum));
        return sums;
    }

    /** Exactly one of the two is there. */
    record Counted(
            @Nullable Map<String, Double> counts, @Nullable Blindness why) {

        private Observation fold(
                Function<Blindness, Observation> onMissing, Function<Map<String, Double>, Observation> onCounts) {
            return counts == null ? onMissing.apply(Objects.requireNonNull(why)) : onCounts.apply(counts);
        }
    }
}
