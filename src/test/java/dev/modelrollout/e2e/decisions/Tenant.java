package dev.modelrollout.e2e.decisions;

import dev.modelrollout.bench.decisions.Dice;
import dev.modelrollout.bench.decisions.LognormalSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the two versions of one rollout, and what their pods' counters showed second by second. Requests come by
 * Poisson, each is bad by chance; the candidate gets the share that the route says. Thread-safe.
 */
final class Tenant {

    private static final long PAST = Duration.ofMinutes(65).toSeconds();
    private static final long FUTURE = Duration.ofMinutes(20).toSeconds();
    private static final int PODS = 2;
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private final Story story;
    private final String name;
    private final Dice dice;
    private final LognormalSeries drift;
    private final long last;

    /** Of stable and of the candidate, those that are gone too. */
    private final List<Pod> stable = new ArrayList<>();

    private final List<Pod> candidate = new ArrayList<>();

    /** The candidate's share of the requests from then on, 0..1. */
    private final NavigableMap<Instant, Double> shares = new TreeMap<>(Map.of(Instant.MIN, 0.0));

    private long known;
    private long candidateRequests;
    private @Nullable Instant risen;

    /** The same run and story, the same chances. */
    Tenant(Story story, String name, int run, Instant now) {
        this.story = story;
        this.name = name;
        dice = Dice.of(story.cell().number(), run);
        drift = story.bursts().drift(dice);
        known = now.getEpochSecond() - PAST;
        last = now.getEpochSecond() + FUTURE;
        for (var i = 0; i < PODS; i++) {
            stable.add(pod("v1", i, known));
            candidate.add(pod("v2", i, known));
        }
    }

    private Pod pod(String version, int number, long born) {
        return new Pod("%s-%s-7d9c5b8f6-%s".formatted(name, version, suffix(number)), born, last);
    }

    private static String suffix(int number) {
        return "x" + ALPHABET.charAt(number / 20 % 20) + "kq" + ALPHABET.charAt(number % 20);
    }

    /** From now on the candidate has this share of the requests, 0..1. */
    synchronized void weighs(double share, Instant at) {
        shares.put(at, share);
        if (share > 0 && risen == null) {
            risen = at;
        }
    }

    /** To the candidate, up to this second. */
    synchronized long candidateRequests(Instant until) {
        simulate(until.getEpochSecond());
        return candidateRequests;
    }

    /** What a query gives at this time, by labels; empty when Prometheus fails. */
    synchronized Optional<Map<String, Double>> answer(String query, Instant time) {
        var asked = time.getEpochSecond();
        if (story.trouble().isUnanswered(sinceRise(asked))) {
            return Optional.empty();
        }
        var second = asked - sinceRise(asked) + story.trouble().seen(sinceRise(asked));
        simulate(second);
        var isCandidate = query.contains(name + "-v2-");
        var result = new HashMap<String, Double>();
        if (!story.trouble().isUnseen(sinceRise(second), isCandidate)) {
            (isCandidate ? candidate : stable)
                    .stream().filter(pod -> pod.runs(second)).forEach(pod -> show(pod, second, query, result));
        }
        return Optional.of(result);
    }

    /** A series is there once there was an event. */
    private static void show(Pod pod, long second, String query, Map<String, Double> result) {
        var labels = "{\"job\":\"models\",\"pod\":\"%s\",\"instance\":\"%1$s:8000\"%s}";
        if (query.contains("_bucket")) {
            result.put(labels.formatted(pod.name(), ",\"le\":\"1.0\""), (double) pod.total(second) - pod.bad(second));
            result.put(labels.formatted(pod.name(), ",\"le\":\"+Inf\""), (double) pod.total(second));
            return;
        }
        var count = query.contains("code=") ? pod.bad(second) : pod.total(second);
        if (count > 0) {
            result.put(labels.formatted(pod.name(), ""), (double) count);
        }
    }

    private void simulate(long until) {
        while (known < until) {
            known++;
            var common = story.bursts().common(drift);
            replaceStable(known);
            serve(stable, common, known, false);
            candidateRequests += serve(candidate, common, known, true);
        }
    }

    /** The old pod serves for two seconds more. */
    private void replaceStable(long second) {
        if (story.trouble().replacesStable(sinceRise(second))) {
            stable.get(stable.size() - PODS).goesAfter(second + 2);
            stable.add(pod("v1", stable.size(), second - 1));
        }
    }

    private long serve(List<Pod> all, double common, long second, boolean isCandidate) {
        var pods = all.stream().filter(pod -> pod.runs(second)).toList();
        var requests = story.requestsPerSecond() * share(second, isCandidate) / pods.size();
        var bad = story.share(isCandidate) * common * story.bursts().ofVersion(dice);
        var served = 0L;
        for (var i = 0; i < pods.size(); i++) {
            var number = i + (isCandidate ? PODS : 0);
            var isReset = story.trouble().resets(sinceRise(second), number, 2 * PODS);
            var total = dice.poisson(isReset ? requests / 2 : requests);
            var failures = dice.binomial(total, Math.min(1, bad * story.bursts().ofPod(dice)));
            if (isReset) {
                pods.get(i).startsAnew(second, total, failures);
            } else {
                pods.get(i).serves(second, total, failures);
            }
            served += total;
        }
        return served;
    }

    /** Of the requests of the second that ends then. */
    private double share(long second, boolean isCandidate) {
        var end = Instant.ofEpochSecond(second);
        var share = 0.0;
        var from = end.minusSeconds(1);
        while (from.isBefore(end)) {
            var next = Optional.ofNullable(shares.higherKey(from))
                    .filter(end::isAfter)
                    .orElse(end);
            share += shares.floorEntry(from).getValue()
                    * Duration.between(from, next).toNanos()
                    / 1e9;
            from = next;
        }
        return isCandidate ? share : 1 - share;
    }

    /** Negative before. */
    private long sinceRise(long second) {
        return second - (risen == null ? last : risen.getEpochSecond());
    }
}
