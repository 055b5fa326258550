package dev.modelrollout.reconcile;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as users write them: {@code 30s}, {@code 1h30m}, {@code 2d}. */
final class Durations {

    private static final Pattern FORM =
            Pattern.compile("(?:([0-9]{1,2})d)?(?:([0-9]{1,3})h)?(?:([0-9]{1,5})m)?(?:([0-9]{1,7})s)?");

    private Durations() {}

    /**
     * The duration that this text means.
     *
     * @throws IllegalArgumentException when it means none; the message says what to write
     */
    static Duration parse(String text) {
        var form = FORM.matcher(text);
        if (text.isEmpty() || !form.matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no duration; write for example 30s, 5m, 24h or 1h30m");
        }
        return Duration.ofDays(number(form.group(1)))
                .plusHours(number(form.group(2)))
                .plusMinutes(number(form.group(3)))
                .plusSeconds(number(form.group(4)));
    }

    private static long number(String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
