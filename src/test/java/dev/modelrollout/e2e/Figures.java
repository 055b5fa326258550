package dev.modelrollout.e2e;

import static java.util.Comparator.naturalOrder;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The table that a run ends with. */
final class Figures {

    private static final String RUNG = "%-8s %7s %8s %9s %10s %9s %14s %7s %9s%n";
    private static final String OTHER = "%-80s %8s%n";

    private final StringBuilder rungs = new StringBuilder(RUNG.formatted(
            "model", "weight", "seconds", "requests", "candidate", "measured", "chance allows", "failed", "by model"));
    private final StringBuilder others = new StringBuilder();

    /** One line for each; requests right after a change of weights are not in its share, but in its failures. */
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

    /** How fast the bad model lost its traffic. */
    void fall(Recording recording, Instant breachVisible) {
        var fall = recording.history().lastChange();
        var sent = recording.ofCandidate().map(Exchange::sent).sorted().toList();
        time("the fall: from the breach being visible in Prometheus until the watch saw 0 %", breachVisible, fall);
        time("the fall: from there until the last request that the bad model got", fall, sent.get(sent.size() - 1));
        recording
                .ofCandidate()
                .filter(Exchange::failed)
                .map(Exchange::sent)
                .min(naturalOrder())
                .ifPresent(first -> time("the fall: from the first failed request", first, fall));
    }

    void time(String what, Instant from, Instant to) {
        others.append(OTHER.formatted(what, seconds(from, to) + " s"));
    }

    @Override
    public String toString() {
        return rungs + "\n" + others;
    }

    private static String seconds(Instant from, Instant to) {
        return String.format(Locale.ROOT, "%.2f", Duration.between(from, to).toMillis() / 1000.0);
    }
}
