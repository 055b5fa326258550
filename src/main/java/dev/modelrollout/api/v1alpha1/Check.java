package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** One number per version and the limits that the candidate has to keep. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.max) || has(self.min) || has(self.maxDifference) || has(self.minDifference)",
        messageExpression = "'check ' + self.name + ' has no limit: set max, min, maxDifference or minDifference'")
@ValidationRule(
        value = "!has(self.min) || !has(self.max) || "
                + "(self.min.endsWith('%') ? double(self.min.replace('%', '')) / 100.0 : double(self.min)) <= "
                + "(self.max.endsWith('%') ? double(self.max.replace('%', '')) / 100.0 : double(self.max))",
        messageExpression = "'check ' + self.name + ': min ' + self.min + ' is above max ' + self.max"
                + " + ': set min to at most max'")
@ValidationRule(
        value = "!has(self.minDifference) || !has(self.maxDifference) || "
                + "(self.minDifference.endsWith('%') ? double(self.minDifference.replace('%', '')) / 100.0"
                + " : double(self.minDifference)) <= "
                + "(self.maxDifference.endsWith('%') ? double(self.maxDifference.replace('%', '')) / 100.0"
                + " : double(self.maxDifference))",
        messageExpression =
                "'check ' + self.name + ': minDifference ' + self.minDifference + ' is above maxDifference '"
                        + " + self.maxDifference + ': set minDifference to at most maxDifference'")
public record Check(
        @Required
        @Size(min = 1, max = 63)
        @Pattern(Names.LABEL)
        @JsonPropertyDescription("Name of the check, unique in the list.")
        String name,

        @Required
        @Size(min = 1, max = 4096)
        @ValidationRule(
                value = "self.matches('[$](version|deployment|service|pods)([^A-Za-z0-9_]|$)')",
                message = "names none of $version, $deployment, $service, $pods: both versions would get the same"
                        + " answer; put one of them into a label matcher")
        @JsonPropertyDescription("PromQL that gives one number. Variables, inside double-quoted strings: $namespace,"
                + " $version, $deployment, $service, $pods (a regex for the Deployment's pods).")
        String query,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.NUMBER)
        @JsonPropertyDescription("The candidate's value must not be above it; a decimal or a percentage (2% = 0.02).")
        String max,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.NUMBER)
        @JsonPropertyDescription("The candidate's value must not be below it; a decimal or a percentage.")
        String min,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.NUMBER)
        @JsonPropertyDescription("Candidate minus stable must not be above it; a decimal or a percentage.")
        String maxDifference,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.NUMBER)
        @JsonPropertyDescription("Candidate minus stable must not be below it; a decimal or a percentage.")
        String minDifference,

        @Nullable
        @Min(1)
        @Max(10)
        @JsonPropertyDescription("Readings in a row beyond a limit before the check has failed, and within all limits"
                + " before it is safe. Default 3.")
        Integer failures) {}
