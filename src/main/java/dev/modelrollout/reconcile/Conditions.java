package dev.modelrollout.reconcile;

import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Reason.Standing;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Conditions, built once from the old ones: a transition time moves only with its status, foreign ones stay. */
final class Conditions {

    private static final String TRUE = "True";
    private static final String FALSE = "False";
    private static final String UNKNOWN = "Unknown";

    private final List<Condition> conditions;
    private final long generation;
    private final Instant now;

    Conditions(List<Condition> old, long generation, Instant now) {
        this.conditions = new ArrayList<>(old);
        this.generation = generation;
        this.now = now;
    }

    List<Condition> list() {
        return List.copyOf(conditions);
    }

    /** The three conditions of kstatus, from one standing. */
    Conditions standing(Standing standing, String reason, String message) {
        var ready = switch (standing) {
            case READY -> TRUE;
            case RECONCILING -> UNKNOWN;
            case STALLED -> FALSE;
        };
        set("Ready", ready, reason, message);
        set("Reconciling", standing == Standing.RECONCILING ? TRUE : FALSE, reason, message);
        set("Stalled", standing == Standing.STALLED ? TRUE : FALSE, reason, message);
        return this;
    }

    Conditions sight(Decision decision) {
        var sight = decision.sight();
        if (sight == null) {
            return unlessSet("MetricsAvailable", "NotAsked", "No check has been answered yet.");
        }
        var why = sight.why();
        if (why != null) {
            set("MetricsAvailable", FALSE, why.text(), "The provider gives no usable answer: " + why.text() + ".");
        } else if (sight.asked()) {
            set("MetricsAvailable", TRUE, "Answered", "Every check is answered.");
        } else {
            set("MetricsAvailable", UNKNOWN, "NotAsked", "No check is asked now.");
        }
        return this;
    }

    Conditions analysis(boolean hasChecks) {
        if (hasChecks) {
            set("AnalysisConfigured", TRUE, "Checks", "Checks guard the rollout.");
        } else {
            set("AnalysisConfigured", FALSE, "NoChecks", "There are no checks: only readiness guards the rollout.");
        }
        return this;
    }

    Conditions drifted(boolean drifted) {
        if (drifted) {
            set("Drifted", TRUE, "Drifted", "Someone else changed the weights of the route.");
        } else {
            set("Drifted", FALSE, "AsWritten", "The route has the weights of this status.");
        }
        return this;
    }

    /** {@code patient}: a write may still be on its way through the gateway, so what was known stays. */
    Conditions programmed(boolean isSeen, Optional<String> obstacle, boolean patient) {
        if (!isSeen) {
            set("RouteProgrammed", UNKNOWN, "RouteMissing", "The route cannot be read.");
        } else if (obstacle.isEmpty()) {
            set("RouteProgrammed", TRUE, "Programmed", "The gateway serves the route as it is written.");
        } else if (patient) {
            unlessSet("RouteProgrammed", "RouteNotProgrammed", "The gateway has not taken the route yet.");
        } else {
            set("RouteProgrammed", FALSE, "RouteNotProgrammed", "Not served as written: " + obstacle.get() + ".");
        }
        return this;
    }

    /** Every condition is written at first sight, the unknown ones as such. */
    Conditions unlessSet(String type, String reason, String message) {
        var old = find(type);
        if (old.isPresent()) {
            set(type, old.get().getStatus(), old.get().getReason(), old.get().getMessage());
        } else {
            set(type, UNKNOWN, reason, message);
        }
        return this;
    }

    private Optional<Condition> find(String type) {
        return conditions.stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    private void set(String type, String status, String reason, String message) {
        var old = find(type);
        var since = old.filter(condition -> status.equals(condition.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        var condition = new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(StatusWriter.cut(message))
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build();
        if (old.isPresent()) {
            conditions.set(conditions.indexOf(old.get()), condition);
        } else {
            conditions.add(condition);
        }
    }
}
