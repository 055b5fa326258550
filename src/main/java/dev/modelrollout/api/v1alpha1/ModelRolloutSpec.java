package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the user wants. Absent fields have the defaults that their descriptions name. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonDeserialize(using = SpecDeserializer.class)
@ValidationRule(
        value = "self.versions.exists(v, v.name == self.target)",
        messageExpression = "'target ' + self.target + ' is none of versions: add it to versions, or name one of them'")
@ValidationRule(
        value = "self.versions.all(a, self.versions.exists_one(b, b.deployment == a.deployment))",
        message = "two versions name the same deployment: give each version a Deployment of its own")
@ValidationRule(
        value =
                "self.versions.all(a, self.versions.exists_one(b,"
                        + " (has(b.backend) ? b.backend.name : b.deployment) == (has(a.backend) ? a.backend.name : a.deployment)))",
        message = "two versions have the same backend: give each version a Service of its own"
                + " (the default backend is the Service named like the Deployment)")
@ValidationRule(
        value = "!(has(self.steps) && has(self.ramp))",
        message = "steps and ramp exclude each other: keep one of them")
@ValidationRule(
        value = "!has(self.ramp) || !has(self.ramp.by) || (has(self.analysis) && has(self.analysis.checks)"
                + " && self.analysis.checks.exists(c, c.name == self.ramp.by))",
        messageExpression = "'ramp.by ' + self.ramp.by + ' is none of analysis.checks: name one of them'")
public record ModelRolloutSpec(
        @Required @JsonPropertyDescription("The route whose weights the operator sets; in the same namespace.")
        Route route,

        @Required
        @Size(min = 1, max = 10)
        @JsonPropertyDescription("The model versions behind the route. Only the live one and the target must exist.")
        List<Version> versions,

        @Required
        @Size(min = 1, max = 63)
        @Pattern(Names.LABEL)
        @JsonPropertyDescription("Name of the version that should serve all traffic. Setting it back to the live"
                + " version aborts a rollout.")
        String target,

        @Nullable
        @Min(0)
        @Max(100)
        @JsonPropertyDescription("The highest weight that the target may reach, in percent; below 100 it is never"
                + " called live, 0 only prepares. Default 100.")
        Integer maxWeight,

        @Nullable
        @Min(1)
        @Max(1_000_000)
        @JsonPropertyDescription("Raise it to try a revision again that has failed. Default 1.")
        Integer attempt,

        @Nullable
        @Size(min = 1, max = 20)
        @ValidationRule(
                value = "self.map(s, s.weight).isSorted() &&"
                        + " self.all(s, self.exists_one(t, t.weight == s.weight))",
                message = "weights must rise from step to step: each step needs a higher weight than the one before")
        @JsonPropertyDescription("The ladder; 100 is implied at the end. With neither steps nor ramp: the ramp Risk"
                + " when a check counts what fails, else 1 for 5m, 10 for 10m, 50 for 10m.")
        List<Step> steps,

        @Nullable @JsonPropertyDescription("Instead of steps: the weight follows the evidence.")
        Ramp ramp,

        @Nullable @JsonPropertyDescription("What counts as a ready candidate.")
        Health health,

        @Nullable @JsonPropertyDescription("What is measured, and the limits that the candidate has to keep.")
        Analysis analysis,

        @Nullable
        @JsonPropertyDescription("When a check has failed: Rollback (default) takes all traffic from the candidate,"
                + " Hold leaves the weight for a person to look at.")
        Reaction onFailure,

        @Nullable
        @JsonPropertyDescription("When no verdict is to be had: Hold (default) keeps the weight, Rollback takes the"
                + " candidate back after maxBlind.")
        Reaction onBlind,

        @Nullable
        @Size(min = 2, max = 16)
        @Pattern(Names.DURATION)
        @ValidationRule(value = Names.DURATION_IN_BOUNDS, message = Names.DURATION_MESSAGE)
        @JsonPropertyDescription("How long blindness under traffic is borne with onBlind: Rollback. Default 10m.")
        String maxBlind,

        @Nullable
        @Size(min = 2, max = 16)
        @Pattern(Names.DURATION)
        @ValidationRule(value = Names.DURATION_IN_BOUNDS, message = Names.DURATION_MESSAGE)
        @JsonPropertyDescription("How long the rollout may take, from its first traffic. Default: no limit.")
        String deadline,

        @Nullable
        @JsonPropertyDescription("Past the deadline: Hold (default) halts at the weight reached, Rollback takes the"
                + " candidate back.")
        Reaction onDeadline,

        @Nullable
        @JsonPropertyDescription("While true the weight does not rise; a breach still rolls back. Default false.")
        Boolean paused,

        @Nullable String unreadable) {

    /** All but these left out. */
    public static ModelRolloutSpec bare(Route route, List<Version> versions, String target) {
        return bare(route, versions, target, null);
    }

    /**
     * The spec of an object that the API server stored although these types cannot hold it. The mark is a property like
     * the others, but for the schema: caches hand out copies, which are made by writing and reading.
     */
    static ModelRolloutSpec unreadable(String why) {
        return bare(new Route(null, null, "", null), List.of(), "", why);
    }

    private static ModelRolloutSpec bare(
            Route route, List<Version> versions, String target, @Nullable String unreadable) {
        return new ModelRolloutSpec(
                route,
                versions,
                target,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                unreadable);
    }
}
