package dev.modelrollout.reconcile;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Requests at a steady rate to versions v1 and v2, and what the counters {@code bad_total} and {@code requests_total} of
 * their two pods showed at any time. All went to v1 until the route said otherwise. Without chance, so that a test knows
 * each count.
 */
final class Traffic {

    private static final double PER_SECOND = 20_000;
    private static final List<String> PODS = List.of("a", "b");

    /** From then on so many requests come in a second, and this share of them fails. */
    private record Flow(Instant from, double rate, double badShare) {}

    private record Span(Instant from, Instant to) {}

    private final Instant beginning = Instant.now().minus(Duration.ofHours(2));
    private final Map<String, List<Flow>> flows = new HashMap<>();
    private final Map<String, Instant> restarts = new HashMap<>();
    private final Map<String, List<Span>> missed = new HashMap<>();
    private final List<Span> outages = new ArrayList<>();

    Traffic() {
        flow("v1", new Flow(beginning, PER_SECOND, 0.01));
        flow("v2", new Flow(beginning, 0, 0.01));
    }

    private void flow(String version, Flow next) {
        flows.computeIfAbsent(version, any -> new ArrayList<>()).add(next);
    }

    private Flow newest(String version) {
        var all = flows.getOrDefault(version, List.of());
        return all.get(all.size() - 1);
    }

    /** From now on the candidate has this weight in percent. */
    synchronized void weighs(int candidate) {
        flow(
                "v1",
                new Flow(
                        Instant.now(),
                        PER_SECOND * (100 - candidate) / 100,
                        newest("v1").badShare()));
        flow(
                "v2",
                new Flow(
                        Instant.now(),
                        PER_SECOND * candidate / 100,
                        newest("v2").badShare()));
    }

    /** From now on this share of the version's requests fails. */
    synchronized Traffic fails(String version, double share) {
        flow(version, new Flow(Instant.now(), newest(version).rate(), share));
        return this;
    }

    /** A pod of the version starts anew: its counters begin at 0. */
    synchronized Traffic restarts(String version, Instant at) {
        restarts.put(version + PODS.get(0), at);
        return this;
    }

    /** The scrapes of the version's pods fail. */
    synchronized Traffic misses(String version, Instant from, Instant to) {
        missed.computeIfAbsent(version, any -> new ArrayList<>()).add(new Span(from, to));
        return this;
    }

    /** Ticks of that time are never answered. */
    synchronized Traffic isUnreachable(Instant from, Instant to) {
        outages.add(new Span(from, to));
        return this;
    }

    /** Everything that happened to a version between two times. */
    synchronized Counts between(String version, Instant from, Instant to) {
        return new Counts(
                PODS.size() * (counted(version, to, true) - counted(version, from, true)),
                PODS.size() * (counted(version, to, false) - counted(version, from, false)));
    }

    synchronized Answer answer(Question question, Instant tick) {
        var version = question.query().contains("chat-v1") ? "v1" : "v2";
        if (isWithin(outages, tick)) {
            return new Answer.Missing(tick, Blindness.UNREACHABLE);
        }
        if (isWithin(missed.getOrDefault(version, List.of()), tick)) {
            return new Answer.Missing(tick, Blindness.NO_DATA);
        }
        var values = new HashMap<Series, Double>();
        PODS.forEach(pod -> values.put(
                new Series("serving", "chat-" + version + "-" + pod, pod, ""),
                shown(version, pod, tick, question.query().startsWith("bad"))));
        return new Answer.Counters(tick, values);
    }

    private static boolean isWithin(List<Span> spans, Instant tick) {
        return spans.stream().anyMatch(span -> !tick.isBefore(span.from()) && tick.isBefore(span.to()));
    }

    private double shown(String version, String pod, Instant tick, boolean bad) {
        var restart = restarts.getOrDefault(version + pod, beginning);
        return counted(version, tick, bad) - (tick.isBefore(restart) ? 0 : counted(version, restart, bad));
    }

    /** By one pod since the beginning. */
    private double counted(String version, Instant until, boolean bad) {
        var all = flows.getOrDefault(version, List.of());
        var sum = 0.0;
        for (var i = 0; i < all.size(); i++) {
            var flow = all.get(i);
            var ends = Stream.concat(all.stream().skip(i + 1L).limit(1).map(Flow::from), Stream.of(until))
                    .min(Instant::compareTo)
                    .orElse(until);
            if (ends.isAfter(flow.from())) {
                sum += Duration.between(flow.from(), ends).toMillis()
                        / 1000.0
                        * flow.rate()
                        * (bad ? flow.badShare() : 1);
            }
        }
        return Math.floor(sum / PODS.size());
    }
}
