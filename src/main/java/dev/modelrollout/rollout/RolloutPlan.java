package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The validated intent of a user: no nulls but the named ones, no defaults left open.
 *
 * @param generation of the object that it was read from
 * @param target name of one of {@code versions}
 * @param maxWeight percent, 0..100
 * @param minReady percent, 0..100
 * @param deadline null when there is none
 */
public record RolloutPlan(
        long generation,
        String namespace,
        RouteRef route,
        List<ModelVersion> versions,
        String target,
        int maxWeight,
        int attempt,
        Climb climb,
        int minReady,
        Duration grace,
        Duration readyDeadline,
        Analysis analysis,
        boolean holdOnFailure,
        boolean rollBackWhenBlind,
        Duration maxBlind,
        @Nullable Duration deadline,
        boolean rollBackAtDeadline,
        boolean paused) {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** What is measured; {@code warmup} after each rise counts for harm, not for safety. */
    public record Analysis(String provider, Duration interval, Duration warmup, List<NamedCheck> checks) {

        public Analysis {
            checks = List.copyOf(checks);
        }

        /** How old the newest reading may be for a rise to rest on it. */
        Duration freshness() {
            var two = interval.multipliedBy(2);
            return two.compareTo(MINUTE) > 0 ? two : MINUTE;
        }
    }

    public RolloutPlan {
        versions = List.copyOf(versions);
    }

    /**
     * The listed version of this name.
     *
     * @throws IllegalArgumentException when it is not listed
     */
    public ModelVersion version(String name) {
        return listed(name).orElseThrow(() -> new IllegalArgumentException("version " + name + " is not listed"));
    }

    private Optional<ModelVersion> listed(String name) {
        for (var version : versions) {
            if (version.name().equals(name)) {
                return Optional.of(version);
            }
        }
        return Optional.empty();
    }

    /** Whether a version of this name is listed. */
    public boolean lists(String name) {
        return listed(name).isPresent();
    }

    /**
     * What this check asks about this version, in the order of its queries; nothing while the route, as it stands, does
     * not tell what to ask about.
     */
    public List<Question> questions(NamedCheck check, String version, RouteView seen) {
        var filledFor = version(version);
        var needsRoute = check.needsRoute();
        var clusters = needsRoute ? seen.clusters(route, version) : "";
        if (needsRoute && clusters.isEmpty()) {
            return List.of();
        }
        return check.queries().stream()
                .map(query -> new Question(
                        analysis.provider(),
                        query.fill(namespace, filledFor, clusters),
                        analysis.interval(),
                        check.form()))
                .toList();
    }

    /** Everything that the checks ask about these versions, as far as they are listed. */
    public Stream<Question> questions(RouteView seen, String... names) {
        return Stream.of(names)
                .filter(this::lists)
                .flatMap(name -> analysis.checks().stream().flatMap(check -> questions(check, name, seen).stream()));
    }
}
