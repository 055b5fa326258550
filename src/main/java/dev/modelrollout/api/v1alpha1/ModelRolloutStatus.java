package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.generator.annotation.Required;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the operator knows: for eyes, for tools (the conditions), and all that it must remember between two rounds. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonDeserialize(using = StatusDeserializer.class)
public record ModelRolloutStatus(
        @JsonPropertyDescription("The generation that this status speaks of; -1 before the first look.") @Nullable
        Long observedGeneration,

        @Nullable
        @JsonPropertyDescription("Live, Waiting, Progressing, RolledBack or Halted; absent before the route"
                + " could be read. For eyes; tools read the conditions.")
        String phase,

        @Nullable @JsonPropertyDescription("The version that serves all traffic but the candidate's.")
        String live,

        @Nullable @JsonPropertyDescription("The weights as written to the route, in percent.")
        List<Weight> weights,

        @Nullable @JsonPropertyDescription("The target's weight, in percent.")
        Integer weight,

        @Nullable @JsonPropertyDescription("The way from live to target; absent when the target is live.")
        Rollout rollout,

        @Nullable @JsonPropertyDescription("Why a person must look; absent unless halted.")
        Halt halt,

        @Nullable
        @JsonPropertyDescription("Revisions that have failed, newest first, at most 10; they get no traffic"
                + " until their template, backend or attempt changes.")
        List<FailedRevision> failedRevisions,

        @Nullable @JsonPropertyDescription("The checks of the running rollout.")
        List<CheckStatus> checks,

        @Nullable
        @JsonPropertyDescription(
                "Ready, Reconciling, Stalled, RouteProgrammed, MetricsAvailable, AnalysisConfigured, Drifted.")
        List<Condition> conditions,

        @Nullable @JsonPropertyDescription("What moved, newest first, at most 20.")
        List<HistoryEntry> history) {

    /** The same with these conditions, which speak of this generation. */
    public ModelRolloutStatus with(@Nullable Long generation, List<Condition> changed) {
        return new ModelRolloutStatus(
                generation, phase, live, weights, weight, rollout, halt, failedRevisions, checks, changed, history);
    }

    /** A version's weight. */
    public record Weight(
            @Required @JsonPropertyDescription("Name of the version.")
            String version,

            @Required @JsonPropertyDescription("Its weight, in percent.")
            Integer weight) {}

    /** The way from live to target. Times are RFC 3339. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Rollout(
            @Required @JsonPropertyDescription("Name of the version on its way.")
            String candidate,

            @Required
            @JsonPropertyDescription("Identity of what is rolled out: of version, pod template, backend and attempt.")
            String revision,

            @Required @JsonPropertyDescription("spec.attempt of this rollout.")
            Integer attempt,

            @Required @JsonPropertyDescription("When the rollout became due.")
            String startedAt,

            @Nullable
            @JsonPropertyDescription(
                    "From when spec.deadline counts: the first traffic, or the spec change that ended a halt.")
            String deadlineFrom,

            @Required @JsonPropertyDescription("The step held, from 1; 0 before the first.")
            Integer step,

            @Nullable @JsonPropertyDescription("The step's weight before spec.maxWeight cuts it, in percent.")
            Integer stepWeight,

            @Required @JsonPropertyDescription("Number of steps, with the implied 100.")
            Integer steps,

            @Required @JsonPropertyDescription("Step of steps.")
            String progress,

            @Nullable @JsonPropertyDescription("The candidate's replicas when this step was entered.")
            Integer replicas,

            @Required @JsonPropertyDescription("When this step, or the waiting, began.")
            String since,

            @Nullable @JsonPropertyDescription("The earliest end of this step.")
            String holdUntil,

            @Nullable
            @JsonPropertyDescription("How long until every check is safe, if the candidate is as good as stable.")
            String estimate,

            @Nullable @JsonPropertyDescription("Since when no verdict is to be had.")
            String blindSince,

            @Nullable
            @JsonPropertyDescription("Seconds spent blind in this step before that; they do not count for the hold.")
            Long blindSeconds,

            @Nullable @JsonPropertyDescription("Since when fewer than health.minReady pods are ready.")
            String unreadySince,

            @Required @JsonPropertyDescription("How often this revision lost all its pods under traffic.")
            Integer losses,

            @Nullable @JsonPropertyDescription("Identity of stable's pod template, which the comparison rests on.")
            String stableTemplate) {}

    /** Why a person must look. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Halt(
            @Required @JsonPropertyDescription("Why: a reason of the condition Ready.")
            String reason,

            @Required @JsonPropertyDescription("What was seen, and what to do.")
            String message,

            @Required @JsonPropertyDescription("The generation of the spec at that time.")
            Long generation,

            @Required @JsonPropertyDescription("Since when.")
            String since,

            @Nullable @JsonPropertyDescription("Since when a contested route shows the weights of this status.")
            String settledSince) {}

    /** A revision that failed. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record FailedRevision(
            @Required @JsonPropertyDescription("Identity of what failed.")
            String revision,

            @Required @JsonPropertyDescription("Name of the version.")
            String candidate,

            @Required @JsonPropertyDescription("Why: a reason of the condition Ready.")
            String reason,

            @Nullable @JsonPropertyDescription("The check that failed.")
            String check,

            @Required @JsonPropertyDescription("What was seen, and what to do.")
            String message,

            @Required @JsonPropertyDescription("When.") String at) {}

    /** One check, now. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CheckStatus(
            @Required @JsonPropertyDescription("Name of the check.")
            String name,

            @Required @JsonPropertyDescription("Safe, Undecided, Harmful or Blind.")
            String verdict,

            @Nullable @JsonPropertyDescription("Why no verdict is to be had.")
            String blind,

            @Nullable @JsonPropertyDescription("The candidate's newest value.")
            String candidate,

            @Nullable @JsonPropertyDescription("Stable's newest value.")
            String stable,

            @Nullable
            @JsonPropertyDescription("How many times as bad as stable the candidate is, and in which range that lies"
                    + " with 95 % confidence; from counts, latency and score.")
            String ratio,

            @Nullable
            @JsonPropertyDescription(
                    "How much of the evidence for a rollback there is; with limits that are judged on" + " evidence.")
            String harm,

            @Nullable
            @JsonPropertyDescription(
                    "How much of the evidence for safety there is; with limits that are judged on" + " evidence.")
            String safe,

            @Nullable @JsonPropertyDescription("What is missing for a verdict, or what was seen.")
            String message,

            @Required @JsonPropertyDescription("Tick of the newest reading.")
            String at,

            @Nullable @JsonPropertyDescription("What the operator remembers of the readings.")
            CheckEvidence evidence) {}

    /** The memory of a check: of readings in a row with query, of windows with what is judged on evidence. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CheckEvidence(
            @Required @JsonPropertyDescription("Identity of the check that it belongs to.")
            String check,

            @Nullable @JsonPropertyDescription("Readings in a row beyond a limit.")
            Integer beyond,

            @Nullable @JsonPropertyDescription("Of these, the last in a row in which stable was beyond it too.")
            Integer shared,

            @Nullable @JsonPropertyDescription("Readings in a row within all limits.")
            Integer within,

            @Nullable @JsonPropertyDescription("What all windows so far have shown, in numbers for the operator alone.")
            String windows) {}

    /** One move. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HistoryEntry(
            @Required @JsonPropertyDescription("When.") String at,

            @Required @JsonPropertyDescription("Start, Raise, Lower, Promote, RollBack, Abort or Hold.")
            String action,

            @Required @JsonPropertyDescription("Why: a reason of the condition Ready, or Promoted, Aborted.")
            String reason,

            @Required @JsonPropertyDescription("The live version at that time.")
            String from,

            @Required @JsonPropertyDescription("The version that the move is about.")
            String to,

            @Required @JsonPropertyDescription("Its weight after the move, in percent.")
            Integer weight,

            @Nullable @JsonPropertyDescription("On what it rests.")
            String evidence) {}
}
