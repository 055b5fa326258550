package dev.modelrollout.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The table that a run ends with. */
final class Figures {

    private static final String RUNG = "%-8s %7s %8s %9s %10s %9s %14s %7s %9s%n";
    private static final String TIME = "%-80s %6s s%n";

    private final StringBuilder rungs = new StringBuilder(RUNG.formatted(
            "model", "weight", "seconds", "requests", "candidate", "measured", "chance allows", "failed", "by model"));
    private final StringBuilder times = new StringBuilder();

    /** A line for each rung; the requests right after a change of weights are not in its share, but in its failures. */
    void rungs(Recording recording) {
        for (var rung : recording.rungs()) {
            var share = recording.share(rung);
            rungs.append(RUNG.formatted(
                    recording.model().name(),
                    rung.weight() + " %",
                    seconds(rung.from(), rung.to()),
                    share.requests(),
                    share.candidate(),
                    String.format(Locale.ROOT, "%.1f %%", share.measured()),
                    String.format(Locale.ROOT, "%.0f..%.0f", Math.ceil(share.lowest()), Math.floor(share.highest())),
                    recording.failed(rung).count(),
                    recording.failed(rung).filter(recording::isByCandidate).count()));
        }
    }

    /** How fast a bad candidate lost its traffic. */
    void fall(Recording recording, Instant breachVisible) {
        var fall = recording.history().lastChange();
        time("breach visible in Prometheus -> the watch saw weight 0", breachVisible, fall);
        time("first failed request -> the watch saw weight 0", recording.firstFailure(), fall);
        time("the watch saw weight 0 -> last request that the bad model got", fall, recording.lastOfCandidate());
    }

    void time(String what, Instant from, Instant to) {
        times.append(TIME.formatted(what, seconds(from, to)));
    }

    @Override
    public String toString() {
        return rungs + "\n" + times;
    }

    private static String seconds(Instant from, Instant to) {
        return String.format(Locale.ROOT, "%.2f", Duration.between(from, to).toMillis() / 1000.0);
    }
}
