package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import org.jspecify.annotations.Nullable;

/** What counts as a ready candidate. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Health(
        @Nullable
        @Size(min = 2, max = 4)
        @Pattern("^(100|[1-9]?[0-9])%$")
        @JsonPropertyDescription("Share of the replicas asked for that must be ready before the weight may rise,"
                + " rounded up. Default 100%.")
        String minReady,

        @Nullable
        @Size(min = 2, max = 16)
        @Pattern(Names.DURATION)
        @ValidationRule(value = Names.DURATION_IN_BOUNDS, message = Names.DURATION_MESSAGE)
        @JsonPropertyDescription("How long fewer than minReady is borne under traffic before the candidate counts as"
                + " lost; no ready pod at all is never borne. Default 5m.")
        String grace,

        @Nullable
        @Size(min = 2, max = 16)
        @Pattern(Names.DURATION)
        @ValidationRule(value = Names.DURATION_IN_BOUNDS, message = Names.DURATION_MESSAGE)
        @JsonPropertyDescription(
                "How long the candidate may take to become ready; past it Stalled, still waiting. Default 30m.")
        String deadline) {}
