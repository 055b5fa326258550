package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What to do about trouble. */
public enum Reaction {
    /** All traffic back to stable. */
    @JsonProperty("Rollback")
    ROLLBACK,
    /** The weight stays where it is. */
    @JsonProperty("Hold")
    HOLD
}
