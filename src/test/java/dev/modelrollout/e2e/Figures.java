package dev.modelrollout.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table that a run ends with. */
final class Figures {

    private static final String ROW = "%-8s %7s %8s %9s %10s %9s %14s %7s %9s%n";

    private final StringBuilder rows = new StringBuilder(String.format(
            Locale.ROOT,
            ROW,
            "model",
            "weight",
            "seconds",
            "requests",
            "candidate",
            "measured",
            "chance allows",
            "failed",
            "by model"));
    private final List<String> others = new ArrayList<>();

    /** One rung; requests right after a change of weights are not in its share, but in its failures. */
    void rung(Model model, RouteHistory.Rung rung, Share share, long failed, long failedByCandidate) {
        rows.append(String.format(
                Locale.ROOT,
                ROW,
                model.name(),
                rung.weight() + " %",
                seconds(rung.length()),
                share.requests(),
                share.candidate(),
                String.format(Locale.ROOT, "%.1f %%", share.measured()),
                String.format(Locale.ROOT, "%.0f..%.0f", Math.ceil(share.lowest()), Math.floor(share.highest())),
                failed,
                failedByCandidate));
    }

    void time(String what, Duration time) {
        number(what, seconds(time) + " s");
    }

    void number(String what, Object value) {
        others.add(String.format(Locale.ROOT, "%-72s %12s%n", what, value));
    }

    @Override
    public String toString() {
        return rows + "\n" + String.join("", others);
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.2f", time.toMillis() / 1000.0);
    }
}
