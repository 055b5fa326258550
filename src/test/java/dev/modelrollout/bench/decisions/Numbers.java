package dev.modelrollout.bench.decisions;

import java.util.Locale;
import java.util.stream.DoubleStream;

/** Numbers for people. */
public final class Numbers {

    private Numbers() {}

    /** As much of it as is needed: 0.1 %, 5 %. */
    public static String percent(double share) {
        return "%s %%".formatted(shortest(100 * share));
    }

    /** Without zeros that say nothing: 1.5, 2. */
    public static String shortest(double number) {
        return "%.3f".formatted(number).replaceAll("\\.?0+$", "");
    }

    /** Whole; a dash when it is not finite. */
    public static String whole(double number) {
        return Double.isFinite(number) ? String.format(Locale.ROOT, "%.0f", number) : "-";
    }

    /** The lower one of two in the middle; not a number of nothing. */
    public static double median(DoubleStream numbers) {
        var sorted = numbers.sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[(sorted.length - 1) / 2];
    }
}
