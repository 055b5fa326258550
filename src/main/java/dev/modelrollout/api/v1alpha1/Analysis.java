package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is measured. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Analysis(
        @Nullable
        @Size(min = 1, max = 63)
        @Pattern(Names.LABEL)
        @JsonPropertyDescription("Name of a metric provider that the cluster admin configured. Default: default.")
        String provider,

        @Nullable
        @Size(min = 2, max = 16)
        @Pattern("^([0-9]{1,2}m)?([0-9]{1,3}s)?$")
        @ValidationRule(
                value = "duration(self) >= duration('1s') && duration(self) <= duration('5m')",
                message = "must be from 1s to 5m; write for example 15s")
        @JsonPropertyDescription("Time between two readings, 1s..5m. Default 15s.")
        String interval,

        @Nullable
        @Size(min = 2, max = 16)
        @Pattern(Names.DURATION)
        @ValidationRule(value = Names.DURATION_IN_BOUNDS, message = Names.DURATION_MESSAGE)
        @JsonPropertyDescription("Time after each rise whose readings count for harm, but not for safety. Default 1m.")
        String warmup,

        @Nullable @Size(max = 20) @JsonPropertyDescription("The checks; without any only readiness guards the rollout.")
        List<Check> checks) {}
