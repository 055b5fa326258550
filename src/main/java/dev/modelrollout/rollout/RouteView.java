package dev.modelrollout.rollout;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A route as it was read.
 *
 * @param uid empty when there is no route
 * @param generation of the route's spec as read
 * @param rules the managed rules; empty when none can be told
 * @param unprogrammed why the gateway does not serve these weights; null when it does
 * @param programmedSince when the gateway was first seen to serve this generation; null when it does not
 * @param trouble why rises are impossible; null when they are not
 */
public record RouteView(
        String uid,
        long generation,
        List<ManagedRule> rules,
        @Nullable String unprogrammed,
        @Nullable Instant programmedSince,
        @Nullable Trouble trouble) {

    /** One rule, by its place in the route; {@code name} null when it has none. */
    public record ManagedRule(int index, @Nullable String name, List<Ref> refs) {

        public ManagedRule {
            refs = List.copyOf(refs);
        }

        long total() {
            var total = 0L;
            for (var ref : refs) {
                total += ref.weight();
            }
            return total;
        }

        long weightOf(String version) {
            return refs.stream()
                    .filter(ref -> ref.version().equals(version))
                    .mapToLong(Ref::weight)
                    .sum();
        }

        /** Compared by cross-multiplication: 1:0 is 100:0. A version that it names twice has what both have. */
        boolean serves(TrafficSplit split) {
            var total = total();
            return total > 0
                    && refs.stream()
                            .map(Ref::version)
                            .allMatch(version -> weightOf(version) * 100 == split.weightOf(version) * total);
        }

        /** Whether it gives another version than stable more than this split does. */
        boolean givesMore(TrafficSplit split) {
            return refs.stream()
                    .map(Ref::version)
                    .filter(version -> !version.equals(split.stable()))
                    .anyMatch(version -> weightOf(version) * 100 > split.weightOf(version) * total());
        }

        /** Whether it refers to this version. */
        boolean holds(String version) {
            return refs.stream().anyMatch(ref -> ref.version().equals(version));
        }
    }

    /**
     * A listed version's reference.
     *
     * @param weight as read; 1 when the route has none
     * @param isWeighted whether the route names the weight
     * @param identity fields that name the backend, as they stand in the route
     */
    public record Ref(int index, String version, int weight, boolean isWeighted, Map<String, String> identity) {

        public Ref {
            identity = Map.copyOf(identity);
        }
    }

    public RouteView {
        rules = List.copyOf(rules);
    }

    /** No route to be seen. */
    public static RouteView unseen(Trouble trouble) {
        return new RouteView("", 0, List.of(), null, null, trouble);
    }

    /** The same, with the time since which its generation is known to be served. */
    public RouteView programmedSince(@Nullable Instant since) {
        return new RouteView(uid, generation, rules, unprogrammed, since, trouble);
    }

    /** Whether each managed rule already shares its traffic like this; false when there is no rule. */
    public boolean serves(TrafficSplit split) {
        return !rules.isEmpty() && rules.stream().allMatch(rule -> rule.serves(split));
    }

    /** Whether some managed rule gives this version any traffic. */
    boolean serves(String version) {
        return rules.stream().anyMatch(rule -> rule.weightOf(version) > 0);
    }

    /** Whether some managed rule that holds it gives a version less than this; without any traffic it gives none. */
    public boolean givesLess(String version, int percent) {
        return rules.stream()
                .filter(rule -> rule.holds(version))
                .anyMatch(rule -> rule.weightOf(version) * 100 < percent * Math.max(1, rule.total()));
    }

    /** Whether some managed rule gives another version than stable more than this split does. */
    boolean givesMore(TrafficSplit split) {
        return rules.stream().anyMatch(rule -> rule.givesMore(split));
    }

    /**
     * A regex for the clusters that Envoy Gateway makes of a version's references in the managed rules; empty when there
     * are none. Rules and references have no names there but their places in the route.
     */
    public String clusters(RouteRef route, String version) {
        return rules.stream()
                .flatMap(rule -> rule.refs().stream()
                        .filter(ref -> ref.version().equals(version))
                        .map(ref -> "httproute/" + QueryTemplate.literal(route.namespace()) + "/"
                                + QueryTemplate.literal(route.name()) + "/rule/" + rule.index() + "/backend/"
                                + ref.index()))
                .collect(Collectors.joining("|"));
    }

    /** The highest rung that no managed rule's share of this version is below, where a rule holds it. */
    Ladder.Rung rungFor(String version, Climb climb, int ceiling) {
        return rules.stream()
                .filter(rule -> rule.holds(version))
                .map(rule -> climb.notAbove(rule.weightOf(version), rule.total(), ceiling))
                .min(Comparator.comparingInt(Ladder.Rung::weight))
                .orElse(Ladder.Rung.GROUND);
    }
}
