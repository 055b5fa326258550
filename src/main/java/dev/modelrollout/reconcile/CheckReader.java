package dev.modelrollout.reconcile;

import static dev.modelrollout.reconcile.PlanReader.inRange;
import static dev.modelrollout.reconcile.PlanReader.number;
import static dev.modelrollout.reconcile.PlanReader.orElse;
import static dev.modelrollout.reconcile.PlanReader.require;

import dev.modelrollout.analysis.Better;
import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.GaugeCheck;
import dev.modelrollout.analysis.GaugeLimit;
import dev.modelrollout.analysis.Limits;
import dev.modelrollout.analysis.Limits.Range;
import dev.modelrollout.analysis.PlainCheck;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.analysis.SignCheck;
import dev.modelrollout.api.v1alpha1.Check;
import dev.modelrollout.api.v1alpha1.Check.Latency.Unit;
import dev.modelrollout.metrics.presets.Measure;
import dev.modelrollout.metrics.presets.Preset;
import dev.modelrollout.rollout.CountsCheck;
import dev.modelrollout.rollout.EventCounters;
import dev.modelrollout.rollout.ModelVersion;
import dev.modelrollout.rollout.NamedCheck;
import dev.modelrollout.rollout.QueryCheck;
import dev.modelrollout.rollout.QueryTemplate;
import dev.modelrollout.rollout.Revision;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One check, wire to plan; refuses with what to write. */
final class CheckReader {

    private final Check check;
    private final @Nullable Preset preset;
    private final List<ModelVersion> versions;
    private final String source;
    private final String about;

    /**
     * Of one check.
     *
     * @param preset the one that it names; null when it names none
     * @param source where its numbers come from, and how often
     */
    CheckReader(Check check, @Nullable Preset preset, List<ModelVersion> versions, String source) {
        this.check = check;
        this.preset = preset;
        this.versions = List.copyOf(versions);
        this.source = source;
        this.about = "check " + check.name() + ": ";
    }

    NamedCheck read() {
        var kinds = Stream.of(check.query(), check.counts(), check.latency(), check.score(), check.preset())
                .filter(Objects::nonNull)
                .count();
        require(kinds == 1, about + "set exactly one of query, counts, latency, score, preset");
        return preset == null ? own() : of(preset);
    }

    private NamedCheck own() {
        if (check.query() != null) {
            return query(check.query(), better(orElse(check.better(), asLimited())));
        }
        if (check.score() != null) {
            return score(check.score());
        }
        var counts = check.counts();
        var latency = check.latency();
        var counters = counts == null
                ? slow(Objects.requireNonNull(latency).buckets(), orElse(latency.unit(), Unit.s))
                : new EventCounters.Events(raw("counts.bad", counts.bad()), raw("counts.total", counts.total()));
        return counts(counters);
    }

    /** What has a least value and no largest is better higher. */
    private Check.Better asLimited() {
        var hasLeast = check.min() != null || check.minDifference() != null;
        var hasLargest = check.max() != null || check.maxDifference() != null;
        return hasLeast && !hasLargest ? Check.Better.HIGHER : Check.Better.LOWER;
    }

    private NamedCheck of(Preset preset) {
        require(
                check.better() == null,
                about + "preset " + preset.id() + " knows which way is better: take better away");
        require(
                check.slowerThan() == null || preset.measure() instanceof Measure.Latency,
                about + "preset " + preset.id() + " measures no durations: take slowerThan away");
        return preset.measure()
                .fold(
                        counts -> counts(new EventCounters.Events(
                                template(counts.bad().perInstance()),
                                template(counts.total().perInstance()))),
                        latency -> counts(slow(latency.buckets().perBucket(), unit(latency.unit()))),
                        gauge -> query(gauge.query(), gauge.better()));
    }

    private static Unit unit(Measure.Unit unit) {
        return switch (unit) {
            case S -> Unit.s;
            case MS -> Unit.ms;
            case US -> Unit.us;
        };
    }

    private NamedCheck query(String text, Better better) {
        var query = template(text);
        var limits = new Limits(
                range("min", limit(check.min(), "min"), "max", limit(check.max(), "max")),
                range(
                        "minDifference",
                        limit(check.minDifference(), "minDifference"),
                        "maxDifference",
                        limit(check.maxDifference(), "maxDifference")));
        var signs = new SignCheck(better, gaugeLimits());
        var isPlain = limits.value().isBounded() || limits.comparesWithStable();
        require(
                isPlain || signs.compares(),
                about + "it has no limit: set max, min, maxDifference, minDifference, worseThanStable or"
                        + " betterThanStable");
        require(
                isPlain || check.failures() == null,
                about + "failures counts readings beyond max, min, maxDifference or minDifference: set one of them, or"
                        + " take failures away");
        require(
                signs.compares() || check.better() == null,
                about + "better belongs to worseThanStable and betterThanStable: set one of them, or take better away");
        var failures = orElse(check.failures(), Integer.valueOf(defaults().getOrDefault("failures", "3")));
        var rule = new GaugeCheck(new PlainCheck(limits, inRange(about + "failures", failures, 1, 10)), signs);
        return new QueryCheck(check.name(), query, rule, Revision.digest(source, query.text(), rule.toString()));
    }

    private List<GaugeLimit> gaugeLimits() {
        var limits = new ArrayList<GaugeLimit>();
        var worse = limit(check.worseThanStable(), "worseThanStable");
        if (worse != null) {
            limits.add(new GaugeLimit.WorseThanStable(number(about + "worseThanStable", worse)));
        }
        var better = limit(check.betterThanStable(), "betterThanStable");
        if (better != null) {
            limits.add(new GaugeLimit.BetterThanStable(number(about + "betterThanStable", better)));
        }
        return limits;
    }

    private static Better better(Check.Better better) {
        return switch (better) {
            case HIGHER -> Better.HIGHER;
            case LOWER -> Better.LOWER;
        };
    }

    private NamedCheck counts(EventCounters counters) {
        require(
                check.min() == null
                        && check.minDifference() == null
                        && check.maxDifference() == null
                        && check.failures() == null
                        && check.better() == null,
                about + "a share of bad events is limited by max, worseThanStable, betterThanStable: take the other"
                        + " limits, failures and better away");
        var limits = new ArrayList<CountLimit>();
        var max = limit(check.max(), "max");
        if (max != null) {
            limits.add(new CountLimit.Max(share("max", max)));
        }
        limits.addAll(comparisons());
        require(!limits.isEmpty(), about + "it has no limit: set max, worseThanStable or betterThanStable");
        return counted(counters, new SequentialCheck(limits));
    }

    private NamedCheck counted(EventCounters counters, SequentialCheck rule) {
        return new CountsCheck(
                check.name(),
                counters,
                rule,
                Revision.digest(source, counters.toString(), rule.limits().toString()),
                preset != null && preset.perPod(),
                preset == null ? "" : preset.needs());
    }

    /** Each score is as bad as it is far from the better end; limits are those of the badness. */
    private NamedCheck score(Check.Score score) {
        var isHigher = check.min() != null || check.minDifference() != null;
        var isLower = check.max() != null || check.maxDifference() != null;
        var better = orElse(check.better(), isLower ? Check.Better.LOWER : Check.Better.HIGHER);
        require(
                better == Check.Better.HIGHER ? !isLower : !isHigher,
                about + "a score is better Higher, limited by min and minDifference, or Lower, limited by max and"
                        + " maxDifference: take the others away");
        require(check.failures() == null, about + "failures belongs to query: take it away");
        var limits = new ArrayList<CountLimit>();
        if (check.min() != null) {
            limits.add(new CountLimit.Max(1 - scoreIn("min", check.min())));
        }
        if (check.max() != null) {
            limits.add(new CountLimit.Max(scoreIn("max", check.max())));
        }
        if (check.minDifference() != null) {
            limits.add(difference("minDifference", check.minDifference(), -1));
        }
        if (check.maxDifference() != null) {
            limits.add(difference("maxDifference", check.maxDifference(), 1));
        }
        limits.addAll(comparisons());
        require(
                !limits.isEmpty(),
                about + "it has no limit: set min, max, minDifference, maxDifference, worseThanStable or"
                        + " betterThanStable");
        var squares = score.squares();
        var counters = new EventCounters.Scored(
                raw("score.sum", score.sum()),
                raw("score.count", score.count()),
                squares == null ? null : raw("score.squares", squares),
                better(better));
        return counted(counters, new SequentialCheck(limits, squares != null));
    }

    private double scoreIn(String field, String text) {
        var score = number(about + field, text);
        require(score >= 0 && score <= 1, about + field + " is " + text + "; a score is 0 to 1: write for example 0.8");
        return score;
    }

    private CountLimit difference(String field, String text, int sign) {
        var borne = sign * number(about + field, text);
        require(
                borne >= 0 && borne <= 1,
                about + field + " is " + text + "; it says how much worse a score may be: write for example "
                        + (sign < 0 ? "-0.02" : "0.02") + ". What has to be better is limited by betterThanStable");
        // adding 0 makes 0 of -0
        return new CountLimit.MaxDifference(borne + 0.0);
    }

    private List<CountLimit> comparisons() {
        var limits = new ArrayList<CountLimit>();
        var worse = limit(check.worseThanStable(), "worseThanStable");
        if (worse != null) {
            limits.add(new CountLimit.WorseThanStable(number(about + "worseThanStable", worse)));
        }
        var better = limit(check.betterThanStable(), "betterThanStable");
        if (better != null) {
            var by = share("betterThanStable", better);
            require(by < 1, about + "betterThanStable must be below 100%");
            limits.add(new CountLimit.BetterThanStable(by));
        }
        return limits;
    }

    /** The user's limit, else the preset's. */
    private @Nullable String limit(@Nullable String own, String name) {
        return own == null ? defaults().get(name) : own;
    }

    private Map<String, String> defaults() {
        return preset == null ? Map.of() : preset.defaults();
    }

    private double share(String field, String text) {
        var share = number(about + field, text);
        require(
                share >= 0 && share <= 1,
                about + field + " is " + text + "; it is a share of all events: write 0% to 100%");
        return share;
    }

    private EventCounters slow(String buckets, Unit unit) {
        require(check.slowerThan() != null, about + "set slowerThan to a bucket bound of the histogram");
        return new EventCounters.SlowRequests(
                raw("latency.buckets", buckets), in(unit, String.valueOf(check.slowerThan())));
    }

    /** Raw counters: rates of our own are taken over windows that both versions share. */
    private QueryTemplate raw(String field, String text) {
        var template = template(text);
        template.rateFunction()
                .ifPresent(function -> require(
                        false,
                        about + field + " uses " + function + "(): write the raw counter, the differences are taken by"
                                + " the operator"));
        return template;
    }

    private QueryTemplate template(String text) {
        var query = new QueryTemplate(text);
        query.violation(versions).ifPresent(violation -> require(false, about + violation));
        var distinct = versions.stream()
                .map(version -> query.fill("", version, version.name()))
                .distinct()
                .count();
        require(
                versions.size() < 2 || distinct == versions.size(),
                about + "its query is the same for two versions: put one of $version, $deployment, $service, $pods,"
                        + " $clusters into a label matcher");
        return query;
    }

    /** A time with its unit, in another one. */
    private static double in(Unit unit, String time) {
        var given = time.endsWith("us") ? Unit.us : time.endsWith("ms") ? Unit.ms : Unit.s;
        return new BigDecimal(time.substring(0, time.length() - given.name().length()))
                .movePointLeft(decimals(given))
                .movePointRight(decimals(unit))
                .doubleValue();
    }

    private static int decimals(Unit unit) {
        return switch (unit) {
            case s -> 0;
            case ms -> 3;
            case us -> 6;
        };
    }

    private Range range(String minName, @Nullable String min, String maxName, @Nullable String max) {
        var low = min == null ? Double.NEGATIVE_INFINITY : number(about + minName, min);
        var high = max == null ? Double.POSITIVE_INFINITY : number(about + maxName, max);
        require(
                low <= high,
                about + minName + " " + min + " is above " + maxName + " " + max + ": set " + minName + " to at most "
                        + maxName);
        return new Range(low, high);
    }
}
