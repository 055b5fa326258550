package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** A way up without steps of its own. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.mode != 'Risk' || !(has(self.every) || has(self.step) || has(self.by) || has(self.threshold))",
        message = "every, step, by and threshold belong to mode Adaptive: take them away, or write mode: Adaptive")
@ValidationRule(
        value = "self.mode != 'Adaptive' || has(self.every) && has(self.step) && has(self.by) && has(self.threshold)"
                + " && !has(self.risk)",
        message = "mode Adaptive needs every, step, by and threshold, and has no risk; write for example"
                + " every: 5m, step: 5, by: errors, threshold: -0.2%")
public record Ramp(
        @Required
        @JsonPropertyDescription("Risk: as fast as the evidence allows, from 1 to 33 %, then 60, 90 and 100 once every"
                + " check is safe. Adaptive: a step up when the candidate is better by more than a threshold, else a"
                + " step down.")
        Mode mode,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.MARGIN)
        @ValidationRule(
                value = "self.endsWith('%') ? double(self.replace('%', '')) > 0.0 && double(self.replace('%', ''))"
                        + " <= 100.0 : double(self) > 0.0 && double(self) <= 1.0",
                message = "must be above 0 and at most 100%; write for example 1%")
        @JsonPropertyDescription("Risk: the share of all requests that may fail beyond what stable fails, with 95 %"
                + " confidence. Default 1%.")
        String risk,

        @Nullable
        @Size(min = 2, max = 16)
        @Pattern(Names.DURATION)
        @ValidationRule(value = Names.DURATION_IN_BOUNDS, message = Names.DURATION_MESSAGE)
        @JsonPropertyDescription("Adaptive: how long a weight is measured before it changes.")
        String every,

        @Nullable
        @Min(1)
        @Max(99)
        @JsonPropertyDescription("Adaptive: by how much the weight changes, and the first weight; in percent.")
        Integer step,

        @Nullable
        @Size(min = 1, max = 63)
        @Pattern(Names.LABEL)
        @JsonPropertyDescription("Adaptive: name of the check that the weight follows.")
        String by,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.NUMBER)
        @JsonPropertyDescription(
                "Adaptive: up when the candidate is better than stable by more than this, in the unit of"
                        + " the check; negative: not worse by more than this.")
        String threshold) {

    /** What the weight follows. */
    public enum Mode {
        /** What the candidate may fail at worst. */
        @JsonProperty("Risk")
        RISK,
        /** Whether the candidate is better. */
        @JsonProperty("Adaptive")
        ADAPTIVE
    }
}
