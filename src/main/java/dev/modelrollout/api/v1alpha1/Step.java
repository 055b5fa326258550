package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** One rung of the ladder. */
public record Step(
        @Required @Min(1) @Max(99) @JsonPropertyDescription("The candidate's weight, in percent.")
        Integer weight,

        @Required
        @Size(min = 2, max = 16)
        @Pattern(Names.DURATION)
        @ValidationRule(value = Names.DURATION_IN_BOUNDS, message = Names.DURATION_MESSAGE)
        @JsonPropertyDescription("The least time at this weight; 0s: up as soon as the checks allow.")
        String hold) {}
