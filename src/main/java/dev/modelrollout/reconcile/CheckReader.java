package dev.modelrollout.reconcile;

import static dev.modelrollout.reconcile.PlanReader.inRange;
import static dev.modelrollout.reconcile.PlanReader.number;
import static dev.modelrollout.reconcile.PlanReader.orElse;
import static dev.modelrollout.reconcile.PlanReader.require;

import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.Limits;
import dev.modelrollout.analysis.Limits.Range;
import dev.modelrollout.analysis.PlainCheck;
import dev.modelrollout.analysis.SequentialCheck;
import dev.modelrollout.api.v1alpha1.Check;
import dev.modelrollout.api.v1alpha1.Check.Latency.Unit;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One check, wire to plan; refuses with what to write. */
final class CheckReader {

    private final Check check;
    private final List<ModelVersion> versions;
    private final String about;

    CheckReader(Check check, List<ModelVersion> versions) {
        this.check = check;
        this.versions = List.copyOf(versions);
        this.about = "check " + check.name() + ": ";
    }

    /**
     * The check.
     *
     * @param source where its numbers come from, and how often
     */
    NamedCheck read(String source) {
        var kinds =
                (check.query() == null ? 0 : 1) + (check.counts() == null ? 0 : 1) + (check.latency() == null ? 0 : 1);
        require(kinds == 1, about + "set exactly one of query, counts, latency");
        return check.query() == null ? counts(source, counters()) : query(source, check.query());
    }

    private NamedCheck query(String source, String text) {
        var query = template(text);
        var limits = new Limits(
                range("min", check.min(), "max", check.max()),
                range("minDifference", check.minDifference(), "maxDifference", check.maxDifference()));
        require(
                limits.value().isBounded() || limits.comparesWithStable(),
                about + "it has no limit: set max, min, maxDifference or minDifference");
        var rule = new PlainCheck(limits, inRange(about + "failures", orElse(check.failures(), 3), 1, 10));
        return new QueryCheck(check.name(), query, rule, Revision.digest(source, query.text(), rule.toString()));
    }

    private NamedCheck counts(String source, EventCounters counters) {
        var limits = new ArrayList<CountLimit>();
        if (check.max() != null) {
            limits.add(new CountLimit.Max(share("max", check.max(), 1)));
        }
        if (check.worseThanStable() != null) {
            limits.add(new CountLimit.WorseThanStable(number(about + "worseThanStable", check.worseThanStable())));
        }
        if (check.betterThanStable() != null) {
            var by = share("betterThanStable", check.betterThanStable(), 1);
            require(by < 1, about + "betterThanStable must be below 100%");
            limits.add(new CountLimit.BetterThanStable(by));
        }
        require(!limits.isEmpty(), about + "it has no limit: set max, worseThanStable or betterThanStable");
        return new CountsCheck(
                check.name(),
                counters,
                new SequentialCheck(limits),
                Revision.digest(source, counters.toString(), limits.toString()));
    }

    private double share(String field, String text, double most) {
        var share = number(about + field, text);
        require(
                share >= 0 && share <= most,
                about + field + " is " + text + "; it is a share of all events: write 0% to 100%");
        return share;
    }

    private EventCounters counters() {
        var counts = check.counts();
        if (counts != null) {
            return new EventCounters.Events(raw("counts.bad", counts.bad()), raw("counts.total", counts.total()));
        }
        var latency = Objects.requireNonNull(check.latency());
        require(check.slowerThan() != null, about + "set slowerThan to a bucket bound of the histogram");
        return new EventCounters.SlowRequests(
                raw("latency.buckets", latency.buckets()),
                in(orElse(latency.unit(), Unit.s), String.valueOf(check.slowerThan())));
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
                .map(version -> query.fill("", version))
                .distinct()
                .count();
        require(
                versions.size() < 2 || distinct == versions.size(),
                about + "its query is the same for two versions: put one of $version, $deployment, $service, $pods into"
                        + " a label matcher");
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
