package dev.modelrollout.rollout;

import dev.modelrollout.analysis.CountLimit;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Experience;
import dev.modelrollout.analysis.GaugeCheck;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Numbers for people. */
public final class Numbers {

    private static final MathContext FOUR_DIGITS = new MathContext(4);
    private static final MathContext THREE_DIGITS = new MathContext(3);
    private static final double NEXT_TO_NOTHING = 1e-9;

    private Numbers() {}

    /** Four significant digits, without exponent where it fits; {@code no value} for null. */
    public static String text(@Nullable Double value) {
        if (value == null) {
            return "no value";
        }
        var rounded = new BigDecimal(value).round(FOUR_DIGITS).stripTrailingZeros();
        return rounded.scale() > 12 || rounded.precision() - rounded.scale() > 12
                ? rounded.toString()
                : rounded.toPlainString();
    }

    /** A share as a percentage of three significant digits; what is next to nothing is 0. */
    public static String percent(double share) {
        return new BigDecimal(Math.abs(share) < NEXT_TO_NOTHING ? 0 : share * 100)
                        .round(THREE_DIGITS)
                        .stripTrailingZeros()
                        .toPlainString()
                + " %";
    }

    /** A duration in its two largest units. */
    public static String text(Duration duration) {
        if (duration.toHours() >= 48) {
            return duration.toDays() + "d" + (duration.toHoursPart() == 0 ? "" : duration.toHoursPart() + "h");
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + "h" + (duration.toMinutesPart() == 0 ? "" : duration.toMinutesPart() + "m");
        }
        return duration.toMinutes() > 0
                ? duration.toMinutes() + "m" + (duration.toSecondsPart() == 0 ? "" : duration.toSecondsPart() + "s")
                : duration.toSeconds() + "s";
    }

    /** A share, and what it is of. */
    static String counted(Counts counts) {
        return percent(counts.share()) + " (" + Math.round(counts.bad()) + " of " + Math.round(counts.total()) + ")";
    }

    /** The candidate's share, and how sure that is. */
    public static String shown(Experience seen) {
        var interval = seen.candidateShare();
        return percent(seen.candidate().seen().share()) + " [" + percent(interval.low()) + ", "
                + percent(interval.high()) + "]";
    }

    /** A limit by the name of its field. */
    static String text(CountLimit limit) {
        return limit.fold(
                max -> "max " + percent(max),
                difference -> "maxDifference " + percent(difference),
                Numbers::worse,
                Numbers::better);
    }

    private static String worse(double by) {
        return "worseThanStable " + percent(by);
    }

    private static String better(double by) {
        return "betterThanStable " + percent(by);
    }

    /** All limits that there are, by the names of their fields. */
    static String text(GaugeCheck check) {
        var text = new StringJoiner(", ");
        var limits = check.plain().limits();
        add(text, "max ", limits.value().max());
        add(text, "min ", limits.value().min());
        add(text, "maxDifference ", limits.difference().max());
        add(text, "minDifference ", limits.difference().min());
        check.signs().limits().forEach(limit -> text.add(limit.fold(Numbers::worse, Numbers::better)));
        return text.toString();
    }

    private static void add(StringJoiner text, String name, double bound) {
        if (Double.isFinite(bound)) {
            text.add(name + text(bound));
        }
    }
}
