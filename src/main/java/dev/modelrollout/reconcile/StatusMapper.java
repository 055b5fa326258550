package dev.modelrollout.reconcile;

import static dev.modelrollout.reconcile.StatusReader.orEmpty;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.Rollout;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Known;
import dev.modelrollout.rollout.Ledger;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.Trouble;
import dev.modelrollout.rollout.Waiting;
import dev.modelrollout.rollout.World;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The new status from the old one, and whether it is worth a write. */
final class StatusMapper {

    /** Reasons whose messages hold no number and no time. */
    private static final Set<String> OBSTACLES = EnumSet.range(Reason.INVALID_SPEC, Reason.UNKNOWN_PRESET).stream()
            .map(Reason::text)
            .collect(Collectors.toUnmodifiableSet());

    private StatusMapper() {}

    /** What the status becomes once the decision is done. */
    static ModelRolloutStatus status(
            RolloutPlan plan, @Nullable ModelRolloutStatus old, World world, Decision decision, Instant now) {
        var ledger = decision.next() instanceof Known known ? Optional.of(known.ledger()) : Optional.<Ledger>empty();
        var route = world.route();
        var conditions = conditions(old, plan.generation(), now)
                .standing(decision.standing(), decision.reason().text(), decision.message())
                .programmed(
                        !route.uid().isEmpty(),
                        Optional.ofNullable(route.unprogrammed()),
                        decision.change().isPresent()
                                || ledger.filter(entries -> now.isBefore(entries.servedBy()))
                                        .isPresent())
                .sight(decision)
                .analysis(!plan.analysis().checks().isEmpty())
                .drifted(driftEnds(decision, now).isPresent());
        var outlook = decision.next() instanceof Waiting waiting
                ? waiting.outlook(plan, world).orElse(null)
                : null;
        return decision.next().fold(new StatusWriter(plan, outlook, now, conditions.list()));
    }

    /** Until when a foreign change of the route stays visible, if one does now. */
    static Optional<Instant> driftEnds(Decision decision, Instant now) {
        return decision.next() instanceof Known known
                ? known.ledger().driftEnds().filter(now::isBefore)
                : Optional.empty();
    }

    /** The old status, stalled: the plan cannot be told, so nothing else is known to have changed. */
    static ModelRolloutStatus stalled(long generation, @Nullable ModelRolloutStatus old, Trouble trouble, Instant now) {
        var conditions = conditions(old, generation, now)
                .standing(Reason.Standing.STALLED, trouble.reason().text(), trouble.message())
                .unlessSet("RouteProgrammed", "RouteMissing", "The route was not looked at.")
                .unlessSet("MetricsAvailable", "NotAsked", "No check is asked now.")
                .unlessSet("AnalysisConfigured", "NoChecks", "The checks cannot be told.")
                .unlessSet("Drifted", "AsWritten", "The route was not looked at.")
                .list();
        return old == null
                ? new ModelRolloutStatus(generation, null, null, null, null, null, null, null, null, conditions, null)
                : old.with(generation, conditions);
    }

    private static Conditions conditions(@Nullable ModelRolloutStatus old, long generation, Instant now) {
        return new Conditions(old == null ? List.of() : orEmpty(old.conditions()), generation, now);
    }

    /**
     * Whether more than numbers and times differ: what people and tools wait for. A reading that is older than the stored
     * one was read after a clock that ran ahead: as long as that one is stored, each round begins anew.
     */
    static boolean differs(@Nullable ModelRolloutStatus old, ModelRolloutStatus next) {
        return old == null
                || !essence(old).equals(essence(next))
                || (estimate(old) == null && estimate(next) != null)
                || orEmpty(old.checks()).stream()
                        .anyMatch(before -> orEmpty(next.checks()).stream().anyMatch(after -> isOlder(after, before)));
    }

    /** The first is news, like the first numbers of a check. */
    private static @Nullable String estimate(ModelRolloutStatus status) {
        return status.rollout() == null ? null : status.rollout().estimate();
    }

    private static boolean isOlder(CheckStatus after, CheckStatus before) {
        return after.name().equals(before.name()) && at(after).isBefore(at(before));
    }

    /** What somebody else made unreadable counts as old. */
    private static Instant at(CheckStatus check) {
        try {
            return check.at() == null ? Instant.MIN : Instant.parse(check.at());
        } catch (DateTimeParseException e) {
            return Instant.MIN;
        }
    }

    /** Whether its status is of an older generation of its spec, or of none. */
    static boolean isNews(ModelRollout rollout) {
        var status = rollout.getStatus();
        return status == null
                || !Objects.equals(
                        status.observedGeneration(), rollout.getMetadata().getGeneration());
    }

    /** Whether the condition Ready already has this reason. */
    static boolean isReadyFor(@Nullable ModelRolloutStatus status, Reason reason) {
        return status != null
                && orEmpty(status.conditions()).stream()
                        .anyMatch(condition -> "Ready".equals(condition.getType())
                                && reason.text().equals(condition.getReason()));
    }

    private static List<Object> essence(ModelRolloutStatus status) {
        return Arrays.asList(
                status.observedGeneration(),
                status.phase(),
                status.live(),
                status.weights(),
                status.weight(),
                rollout(status.rollout()),
                status.halt(),
                orEmpty(status.failedRevisions()),
                orEmpty(status.checks()).stream().map(StatusMapper::check).toList(),
                orEmpty(status.conditions()).stream()
                        .map(StatusMapper::condition)
                        .toList(),
                orEmpty(status.history()));
    }

    private static List<Object> rollout(@Nullable Rollout rollout) {
        return rollout == null
                ? List.of()
                : Arrays.asList(
                        rollout.candidate(),
                        rollout.revision(),
                        rollout.step(),
                        rollout.stepWeight(),
                        rollout.steps(),
                        rollout.since(),
                        rollout.unreadySince(),
                        rollout.losses(),
                        rollout.deadlineFrom(),
                        rollout.stableTemplate());
    }

    /** The first numbers of a check are news: what it takes from them need not be worked out again. */
    private static List<Object> check(CheckStatus check) {
        var isLoud = check.verdict().equals("Blind") || check.verdict().equals("Harmful");
        var belongsTo = check.evidence() == null ? "" : check.evidence().check();
        return Arrays.asList(
                check.name(), isLoud ? check.verdict() : "", check.blind(), belongsTo, check.candidate() == null);
    }

    /** What stands in the way is named in the message alone: another obstacle of the same kind is news. */
    private static List<Object> condition(Condition condition) {
        var isObstacle = "Ready".equals(condition.getType()) && OBSTACLES.contains(condition.getReason());
        return Arrays.asList(
                condition.getType(),
                condition.getStatus(),
                condition.getReason(),
                isObstacle ? condition.getMessage() : "",
                Objects.requireNonNullElse(condition.getObservedGeneration(), 0L));
    }
}
