package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** A way up without steps of its own. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Ramp(
        @Required
        @JsonPropertyDescription("Risk: as fast as the evidence allows, from 1 to 33 %, then 60, 90 and 100 once every"
                + " check is safe.")
        Mode mode,

        @Nullable
        @Size(min = 1, max = 32)
        @Pattern(Names.MARGIN)
        @JsonPropertyDescription("Risk: the share of all requests that may fail beyond what stable fails, with 95 %"
                + " confidence. Default 1%.")
        String risk) {

    /** What the weight follows. */
    public enum Mode {
        /** What the candidate may fail at worst. */
        @JsonProperty("Risk")
        RISK
    }
}
