package dev.modelrollout.metrics.presets;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a preset must find. Counters are said per round of requests.
 *
 * @param total,bad from the first error on
 * @param totalBefore,badBefore before it, when that differs
 * @param bound a bound of the histogram, in its unit
 * @param within per round, up to that bound
 * @param all per round, in all buckets
 * @param bounds all bounds but the infinite
 * @param adds another namespace, which the metric cannot tell from this one
 * @param at the tick of a number
 * @param v1,v2,v3 the number, or why there is none; v3 has no pods
 */
record Expected(
        @Nullable String total,
        @Nullable String bad,
        @Nullable String totalBefore,
        @Nullable String badBefore,
        @Nullable Double bound,
        @Nullable String within,
        @Nullable String all,
        @Nullable List<Double> bounds,
        @Nullable String adds,
        @Nullable Integer at,
        @Nullable String v1,
        @Nullable String v2,
        @Nullable String v3) {

    String total(int tick) {
        return requireNonNull(tick < Story.FIRST_ERROR && totalBefore != null ? totalBefore : total);
    }

    String bad(int tick) {
        return requireNonNull(tick < Story.FIRST_ERROR && badBefore != null ? badBefore : bad);
    }

    String number(String version) {
        return requireNonNull(
                switch (version) {
                    case "v1" -> v1;
                    case "v2" -> v2;
                    default -> v3;
                });
    }
}
