package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Limits;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Numbers for people. */
public final class Numbers {

    private static final MathContext FOUR_DIGITS = new MathContext(4);

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

    /** All bounds that there are, by the names of their fields. */
    static String text(Limits limits) {
        var text = new StringJoiner(", ");
        add(text, "max ", limits.value().max());
        add(text, "min ", limits.value().min());
        add(text, "maxDifference ", limits.difference().max());
        add(text, "minDifference ", limits.difference().min());
        return text.toString();
    }

    private static void add(StringJoiner text, String name, double bound) {
        if (Double.isFinite(bound)) {
            text.add(name + text(bound));
        }
    }
}
