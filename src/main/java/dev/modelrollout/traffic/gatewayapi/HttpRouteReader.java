package dev.modelrollout.traffic.gatewayapi;

import dev.modelrollout.rollout.ModelVersion;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.RouteView.Ref;
import dev.modelrollout.rollout.Trouble;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads one HTTPRoute for one rollout: which rules and refs are managed, what they share, what stands in the way. */
final class HttpRouteReader {

    private final GenericKubernetesResource route;
    private final RolloutPlan plan;
    private final Set<String> needed;
    private final Optional<String> live;
    private final List<ManagedRule> managed = new ArrayList<>();
    private @Nullable Trouble trouble;

    /** {@code live} is empty before it is known. */
    HttpRouteReader(GenericKubernetesResource route, RolloutPlan plan, Optional<String> live) {
        this.route = route;
        this.plan = plan;
        this.needed = new TreeSet<>(Set.of(plan.target()));
        this.live = live.filter(plan::lists);
        this.live.ifPresent(needed::add);
    }

    RouteView view() {
        owner().ifPresent(owner -> stopAt(
                Reason.ROUTE_SHAPE,
                plan.route().text() + " is written by its owner " + owner.getKind() + " " + owner.getName()
                        + ", which would undo the weights: point spec.route at a route of your own."));
        readRules();
        var generation = route.getMetadata().getGeneration();
        return new RouteView(
                route.getMetadata().getUid(),
                generation == null ? 0 : generation,
                managed,
                Programming.obstacle(route).orElse(null),
                null,
                trouble);
    }

    private Optional<OwnerReference> owner() {
        return route.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst();
    }

    private void readRules() {
        var rules = maps(route.get("spec", "rules"));
        var named = plan.route().rule();
        for (var i = 0; i < rules.size(); i++) {
            if (named == null || named.equals(rules.get(i).get("name"))) {
                readRule(i, rules.get(i), named != null);
            }
        }
        if (managed.isEmpty() && trouble == null) {
            explainNothingManaged(rules, named);
        }
    }

    private void explainNothingManaged(List<Map<String, Object>> rules, @Nullable String named) {
        var known = rules.stream().anyMatch(rule -> named != null && named.equals(rule.get("name")));
        if (named != null && !known) {
            var names = rules.stream()
                    .map(rule -> rule.get("name"))
                    .filter(String.class::isInstance)
                    .map(name -> "\"" + name + "\"")
                    .collect(Collectors.joining(", "));
            stopAt(
                    Reason.ROUTE_SHAPE,
                    plan.route().text() + " has no rule named \"" + named + "\"; "
                            + (names.isEmpty() ? "its rules have no names" : "its rules are " + names)
                            + ". Set spec.route.rule to one of them, or leave it out.");
        } else {
            stopAt(
                    Reason.BACKEND_NOT_IN_ROUTE,
                    plan.route().text() + " has no rule with the backends of " + String.join(" and ", needed)
                            + ": add " + needed.stream().map(this::missingRef).collect(Collectors.joining(" and "))
                            + " to one rule.");
        }
    }

    /** A rule that cannot be raised is managed all the same: the way down to live stays open. */
    private void readRule(int index, Map<String, Object> rule, boolean named) {
        var backendRefs = maps(rule.get("backendRefs"));
        var refs = new ArrayList<Ref>();
        var foreign = false;
        for (var j = 0; j < backendRefs.size(); j++) {
            var ref = ref(j, backendRefs.get(j));
            ref.ifPresent(refs::add);
            foreign |= ref.isEmpty() && weight(backendRefs.get(j)) > 0;
        }
        var held = refs.stream().map(Ref::version).collect(Collectors.toCollection(TreeSet::new));
        if (held.isEmpty() && !named) {
            return;
        }
        var name = rule.get("name") instanceof String text ? text : null;
        var about = plan.route().text() + ", rule " + (name == null ? index : "\"" + name + "\"");
        var complete = held.containsAll(needed);
        if (!named && isGroupRule(rule) && (!complete || isOneOfMany(held))) {
            return;
        }
        if (held.size() < refs.size()) {
            stopAt(Reason.ROUTE_SHAPE, about + " names a backend twice: name each backend once.");
        }
        if (!complete) {
            stopAt(Reason.BACKEND_NOT_IN_ROUTE, about + " has " + has(held) + ": " + toAdd(held));
        } else if (foreign) {
            stopAt(
                    Reason.ROUTE_SHAPE,
                    about + " sends traffic to a backend that is none of spec.versions: list it in spec.versions, or"
                            + " set its weight to 0.");
        }
        if (complete || live.filter(held::contains).isPresent()) {
            managed.add(new ManagedRule(index, name, refs));
        }
    }

    /** While nobody is known to be live, a rule with the target alone may be one for a group. */
    private boolean isOneOfMany(Set<String> held) {
        return live.isEmpty() && held.size() == 1 && plan.versions().size() > 1;
    }

    private String has(Set<String> held) {
        return held.isEmpty()
                ? "no listed backend"
                : held.stream()
                        .map(version -> plan.version(version).backend().name())
                        .collect(Collectors.joining(", "));
    }

    private String toAdd(Set<String> held) {
        return needed.stream()
                        .filter(version -> !held.contains(version))
                        .map(this::missingRef)
                        .collect(Collectors.joining(" and ", "add ", ""))
                + ", or name the rule you mean in spec.route.rule.";
    }

    private String missingRef(String version) {
        return "{name: " + plan.version(version).backend().name() + ", port: ..., weight: 0}";
    }

    /** Each match asks for a header or a query parameter: a rule for a group of users, which stands in Git. */
    private static boolean isGroupRule(Map<String, Object> rule) {
        var matches = maps(rule.get("matches"));
        return !matches.isEmpty()
                && matches.stream()
                        .allMatch(match -> !maps(match.get("headers")).isEmpty()
                                || !maps(match.get("queryParams")).isEmpty());
    }

    private Optional<Ref> ref(int index, Map<String, Object> backendRef) {
        return plan.versions().stream()
                .filter(version -> names(backendRef, version))
                .findFirst()
                .map(version -> new Ref(
                        index,
                        version.name(),
                        weight(backendRef),
                        backendRef.get("weight") != null,
                        identity(backendRef)));
    }

    private boolean names(Map<String, Object> ref, ModelVersion version) {
        var backend = version.backend();
        return backend.name().equals(ref.get("name"))
                && backend.kind().equals(ref.getOrDefault("kind", "Service"))
                && backend.group().equals(ref.getOrDefault("group", ""))
                && plan.namespace().equals(ref.getOrDefault("namespace", plan.namespace()));
    }

    private static Map<String, String> identity(Map<String, Object> ref) {
        var identity = new HashMap<String, String>();
        for (var field : List.of("group", "kind", "name", "namespace")) {
            if (ref.get(field) instanceof String value) {
                identity.put(field, value);
            }
        }
        return identity;
    }

    private static int weight(Map<String, Object> ref) {
        return ref.get("weight") instanceof Number number ? number.intValue() : 1;
    }

    private void stopAt(Reason reason, String message) {
        if (trouble == null) {
            trouble = new Trouble(reason, message);
        }
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> maps(@Nullable Object list) {
        return list instanceof List<?> items
                ? items.stream()
                        .filter(Map.class::isInstance)
                        .map(item -> (Map<String, Object>) item)
                        .toList()
                : List.of();
    }
}
