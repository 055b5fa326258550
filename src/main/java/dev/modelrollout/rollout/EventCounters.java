package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Experience;
import dev.modelrollout.analysis.RawCounters;
import dev.modelrollout.analysis.RawCounters.Sample;
import dev.modelrollout.analysis.Scores;
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

/** Where bad and all events of a version are counted, or how bad they are. */
public sealed interface EventCounters {

    /** The instance of a sum that does not tell its instances apart. */
    String ANONYMOUS = "  ";

    /** What is asked, in the order of the answers. */
    List<QueryTemplate> queries();

    /** The answers of one tick as one observation. No series of all events is no event. */
    Observation observe(List<Answer> answers);

    /** What happened between two such observations; empty when no version can have done that. */
    default Optional<Happened> happened(RawCounters before, RawCounters after) {
        return before.until(after).map(counts -> new Happened(counts, null));
    }

    /** The bad of these, as the counters have them. */
    default Counts bad(Counts counted) {
        return counted;
    }

    /** Whether each bad event is a request that failed its user. */
    boolean countsFailures();

    /** A share of bad events, for people. */
    default String text(double badShare) {
        return Numbers.percent(badShare);
    }

    /** Counts, for people. */
    default String text(Counts counts) {
        return Numbers.counted(counts);
    }

    /** What is known of the candidate's share, for people. */
    default String text(Experience seen) {
        return Numbers.shown(seen);
    }

    /** A limit by the name of its field, for people. */
    default String text(CountLimit limit) {
        return Numbers.text(limit);
    }

    /**
     * What one version did between two ticks.
     *
     * @param squares sum of the squares of its scores; null when it has none
     */
    record Happened(Counts counts, @Nullable Double squares) {}

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
                    || all.containsValue(Double.POSITIVE_INFINITY)
                    || some.containsValue(Double.POSITIVE_INFINITY)) {
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

        @Override
        public boolean countsFailures() {
            return true;
        }
    }

    /**
     * Scores in 0..1, of which each is as bad as it is far from the better end.
     *
     * @param squares null when only sums and counts are known
     */
    record Scored(
            QueryTemplate sum,
            QueryTemplate count,
            @Nullable QueryTemplate squares,
            Better better) implements EventCounters {

        /** The two or three are scraped together, but rounded each by itself. */
        private static final double ROUNDING = 0.01;

        @Override
        public List<QueryTemplate> queries() {
            return squares == null ? List.of(sum, count) : List.of(sum, squares, count);
        }

        /** A process without one of the counters is not known at all: no sum is not a sum of 0. */
        @Override
        public Observation observe(List<Answer> answers) {
            var counted = answers.stream().map(EventCounters::counters).toList();
            var missing =
                    counted.stream().map(Counted::why).filter(Objects::nonNull).findFirst();
            if (missing.isPresent()) {
                return Observation.missing(missing.get());
            }
            var all = counted.stream()
                    .map(Counted::counts)
                    .map(Objects::requireNonNull)
                    .toList();
            return all.stream().map(Map::keySet).distinct().count() == 1
                    ? joined(all.get(0), all.get(1), all.get(all.size() - 1))
                    : Observation.missing(Blindness.OUT_OF_DOMAIN);
        }

        private Observation joined(Map<String, Double> sums, Map<String, Double> squared, Map<String, Double> counts) {
            var instances = new HashMap<String, Sample>();
            counts.forEach((instance, count) -> instances.put(
                    instance, new Sample(sums.get(instance), count, squares == null ? null : squared.get(instance))));
            return Observation.of(instances);
        }

        @Override
        public Optional<Happened> happened(RawCounters before, RawCounters after) {
            return before.until(after)
                    .flatMap(counts -> squares == null
                            ? Optional.of(new Happened(bad(counts), null))
                            : withSquares(counts, before.squaresUntil(after)));
        }

        /** Squares of scores in 0..1 lie between those of equal ones and those of zeros and ones. */
        private Optional<Happened> withSquares(Counts counts, double squared) {
            var most = counts.bad();
            var least = counts.bad() * counts.share();
            if (squared > most * (1 + ROUNDING) || squared < least * (1 - ROUNDING)) {
                return Optional.empty();
            }
            var seen = new Scores(most, Math.min(Math.max(squared, least), most), counts.total());
            var scores = better == Better.HIGHER ? seen.turned() : seen;
            return Optional.of(new Happened(new Counts(scores.sum(), scores.count()), scores.squares()));
        }

        @Override
        public Counts bad(Counts counted) {
            return better == Better.HIGHER ? counted.turned() : counted;
        }

        @Override
        public boolean startsCold() {
            return false;
        }

        @Override
        public boolean countsFailures() {
            return false;
        }

        @Override
        public String text(double badness) {
            return Numbers.text(score(badness));
        }

        @Override
        public String text(Counts counts) {
            return counts.isEmpty()
                    ? "no score"
                    : text(counts.share()) + " (" + Math.round(counts.total()) + " scores)";
        }

        @Override
        public String text(Experience seen) {
            var bad = seen.candidateShare();
            var ends = Stream.of(score(bad.low()), score(bad.high()))
                    .sorted()
                    .map(Numbers::text)
                    .toList();
            return text(seen.candidate().seen().share()) + " [" + ends.get(0) + ", " + ends.get(1) + "]";
        }

        @Override
        public String text(CountLimit limit) {
            var isHigher = better == Better.HIGHER;
            return limit.fold(
                    max -> (isHigher ? "min " : "max ") + text(max),
                    difference -> isHigher
                            ? "minDifference " + Numbers.text(-difference)
                            : "maxDifference " + Numbers.text(difference),
                    worse -> Numbers.text(limit),
                    better -> Numbers.text(limit));
        }

        private double score(double badness) {
            return better == Better.HIGHER ? 1 - badness : badness;
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

        @Override
        public boolean countsFailures() {
            return false;
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
