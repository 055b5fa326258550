package dev.modelrollout.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What is promised of every history, told from the watches alone. */
final class Promises {

    private static final List<Integer> RUNGS = List.of(0, 5, 25, 50, 100);

    /** By how much an event of a watch may come later than another. */
    private static final Duration LATENESS = Duration.ofMillis(500);

    private final List<Look> history;
    private final Duration hold;
    private final List<String> broken = new ArrayList<>();

    /** Of routes since the rollout's status was written before, and the one that was there then: v2's weights. */
    private final Set<Integer> shown = new HashSet<>();

    private final Set<String> barred = new HashSet<>();
    private int ceiling = 100;
    private String live = "v1";
    private String candidate = "";
    private boolean wasServedAlone;

    private Promises(List<Look> history, Duration hold) {
        this.history = history;
        this.hold = hold;
    }

    /**
     * What was broken; empty when all is well.
     *
     * @param history of one rollout and its route, in the order in which it was stored
     * @param hold the least time on each rung
     */
    static List<String> broken(List<Look> history, Duration hold) {
        var promises = new Promises(history, hold);
        promises.check();
        return promises.broken;
    }

    private void check() {
        Look route = null;
        Look rollout = null;
        var risen = Instant.MIN;
        for (var look : history) {
            if (look.isRoute()) {
                shown.add(look.share());
                wasServedAlone |= look.share() == 100;
                if (route != null) {
                    routeChanged(look, route);
                    if (look.share() > route.share()) {
                        rose(look, route.share(), rollout == null ? 0 : rollout.told(), risen);
                        risen = look.at();
                    }
                }
                route = look;
            } else if (route != null) {
                rolloutChanged(look, rollout, route);
                rollout = look;
            }
        }
    }

    private void routeChanged(Look now, Look before) {
        if (now.generation() > 1) {
            require(
                    now,
                    "I1",
                    now.weights().stream().allMatch(JsonNode::isIntegralNumber)
                            && now.weights().stream().allMatch(weight -> weight.asInt() >= 0)
                            && now.weights().stream().mapToInt(JsonNode::asInt).sum() == 100);
        }
        require(now, "I2", now.others().equals(before.others()));
    }

    private void rose(Look now, int from, int told, Instant risen) {
        var next = RUNGS.stream().filter(rung -> rung > from).findFirst().orElse(100);
        require(now, "I3: one rung from " + from, now.share() == Math.min(next, ceiling));
        require(now, "I3: the status of the last one says " + told, told == from);
        require(now, "I5: the revision has failed", !barred.contains(candidate));
        require(now, "I16", from == 0 || !now.at().isBefore(risen.plus(hold).minus(LATENESS)));
    }

    private void rolloutChanged(Look now, @Nullable Look before, Look route) {
        ceiling = now.ceiling();
        if (now.isDeletion()) {
            var split = route.share() > 0 && route.share() < 100;
            require(now, "I13: all to live at the end", !split);
            return;
        }
        if (before == null) {
            return;
        }
        require(
                now,
                "I2: spec, labels, annotations",
                now.generation() > before.generation() || now.others().equals(before.others()));
        if (now.status().equals(before.status())) {
            return;
        }
        if (now.status().has("weights")) {
            require(now, "I8: weights, the route had " + shown, shown.contains(now.told()));
        }
        shown.clear();
        shown.add(route.share());
        liveChanged(now, route);
        require(now, "I8: rolled back", !now.phase().equals("RolledBack") || route.share() == 0);
        candidate = now.status().at("/rollout/revision").asText(candidate);
        var failed = texts(now.status().path("failedRevisions"), "revision");
        require(now, "I5: a tombstone is lost", failed.containsAll(barred));
        barred.addAll(failed);
        hygiene(now.status(), before.status(), now);
    }

    private void liveChanged(Look now, Look route) {
        var next = now.status().path("live").asText("v1");
        if (!next.equals(live)) {
            require(now, "I4, I8: live", next.equals("v2") && wasServedAlone && route.share() == 100);
            live = next;
        }
    }

    private void hygiene(JsonNode now, JsonNode before, Look look) {
        require(
                look,
                "I9: observedGeneration",
                now.path("observedGeneration").asLong()
                        >= before.path("observedGeneration").asLong());
        var history = list(now.path("history"));
        var older = list(before.path("history"));
        var added = Math.max(0, history.indexOf(older.isEmpty() ? null : older.get(0)));
        require(
                look,
                "I9: history",
                older.isEmpty()
                        || (history.contains(older.get(0))
                                && older.subList(0, Math.min(older.size(), 20 - added))
                                        .equals(history.subList(added, history.size()))));
        require(
                look,
                "somebody else is blamed",
                !texts(now.path("history"), "reason").contains("Drifted"));
        for (var condition : before.path("conditions")) {
            var type = condition.path("type").asText();
            var next = condition(now, type);
            if (type.equals("Foreign")) {
                require(look, "I9: foreign condition", next.equals(condition));
            } else if (next.path("status").equals(condition.path("status"))) {
                require(
                        look,
                        "I9: lastTransitionTime of " + type,
                        next.path("lastTransitionTime").equals(condition.path("lastTransitionTime")));
            }
        }
        require(look, "I9: kstatus", !(isTrue(now, "Reconciling") && isTrue(now, "Stalled")));
    }

    private static boolean isTrue(JsonNode status, String type) {
        return condition(status, type).path("status").asText().equals("True");
    }

    private static JsonNode condition(JsonNode status, String type) {
        return list(status.path("conditions")).stream()
                .filter(condition -> condition.path("type").asText().equals(type))
                .findFirst()
                .orElseGet(com.fasterxml.jackson.databind.node.MissingNode::getInstance);
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static Set<String> texts(JsonNode array, String field) {
        return list(array).stream().map(node -> node.path(field).asText()).collect(Collectors.toSet());
    }

    private void require(Look at, String promise, boolean kept) {
        if (!kept) {
            broken.add(promise + ": " + at);
        }
    }
}
