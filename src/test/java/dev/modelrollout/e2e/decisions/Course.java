package dev.modelrollout.e2e.decisions;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How one rollout went, seen from outside: by its route and by its status. Thread-safe. */
final class Course {

    private static final Pattern COUNTED = Pattern.compile("v2 \\S+ % \\(\\d+ of (\\d+)\\)");
    private static final Pattern ESTIMATE = Pattern.compile("about (?:(\\d+)d)?(\\S*) more .*");

    private final Story story;
    private final Tenant tenant;
    private final Set<String> blind = new TreeSet<>();
    private @Nullable Instant risen;
    private @Nullable Instant ended;
    private @Nullable Instant estimated;
    private Duration estimate = Duration.ZERO;
    private int weight;
    private long requests;
    private int written;
    private Map<String, Object> status = Map.of();

    Course(Story story, Tenant tenant) {
        this.story = story;
        this.tenant = tenant;
    }

    Story story() {
        return story;
    }

    Tenant tenant() {
        return tenant;
    }

    /** The route gives the candidate this weight in percent from now on. */
    synchronized void weighs(int percent, Instant now) {
        tenant.weighs(percent / 100.0, now);
        weight = percent;
        if (percent > 0 && percent < 100 && risen == null) {
            risen = now;
        }
        if (risen != null && (percent == 0 || percent == 100)) {
            ended = now;
            requests = tenant.candidateRequests(now);
        }
    }

    /** The status is this from now on. */
    synchronized void shows(GenericKubernetesResource rollout, Instant now) {
        status = Objects.requireNonNullElse(rollout.get("status"), Map.of());
        if (risen == null || ended != null) {
            return;
        }
        written++;
        List<Map<String, Object>> checks = Objects.requireNonNullElse(rollout.get("status", "checks"), List.of());
        checks.forEach(check -> Optional.ofNullable(check.get("blind")).ifPresent(why -> blind.add(why.toString())));
        String text = rollout.get("status", "rollout", "estimate");
        if (text != null && text.contains(" more until ") && estimated == null) {
            var matcher = ESTIMATE.matcher(text);
            if (!matcher.matches()) {
                throw new AssertionError(text);
            }
            var days = Objects.requireNonNullElse(matcher.group(1), "0");
            var rest = matcher.group(2);
            estimate = Duration.parse("P" + days + "D" + (rest.isEmpty() ? "" : "T" + rest));
            estimated = now;
        }
    }

    synchronized boolean hasEnded() {
        return ended != null;
    }

    synchronized boolean isPromoted() {
        return ended != null && weight == 100;
    }

    synchronized boolean isRolledBack() {
        return ended != null && weight == 0;
    }

    synchronized Optional<Instant> risen() {
        return Optional.ofNullable(risen);
    }

    /** From the first rise to the end. */
    synchronized double seconds() {
        return ended == null ? Double.POSITIVE_INFINITY : seconds(Objects.requireNonNull(risen), ended);
    }

    /** How often its status was written in a minute. */
    synchronized double writesPerMinute(Instant now) {
        return risen == null ? 0 : 60 * written / seconds(risen, ended == null ? now : ended);
    }

    /** Requests to the candidate before it had none any more. */
    synchronized double requests() {
        return requests;
    }

    /** Requests to the candidate that the rollback rests on, as its message says. */
    synchronized Optional<Double> evidence() {
        var matcher = COUNTED.matcher(String.valueOf(status.get("failedRevisions")));
        return matcher.find() ? Optional.of(Double.valueOf(matcher.group(1))) : Optional.empty();
    }

    /** The first time that was said to be left, in the time that it took; empty when there is not both. */
    synchronized Optional<Double> honesty() {
        return estimated == null || !isPromoted()
                ? Optional.empty()
                : Optional.of(estimate.toSeconds() / seconds(estimated, Objects.requireNonNull(ended)));
    }

    /** Why there was no verdict, if there was none at some time. */
    synchronized Set<String> blind() {
        return Set.copyOf(blind);
    }

    /** All of its status, for people. */
    synchronized String status() {
        return status.toString();
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
