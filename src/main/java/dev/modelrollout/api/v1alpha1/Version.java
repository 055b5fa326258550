package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** One version of the model. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Version(
        @Required
        @Size(min = 1, max = 63)
        @Pattern(Names.LABEL)
        @JsonPropertyDescription("Name of the version, unique in the list.")
        String name,

        @Required
        @Size(min = 1, max = 253)
        @Pattern(Names.SUBDOMAIN)
        @JsonPropertyDescription("Name of the Deployment that runs it.")
        String deployment,

        @Nullable
        @JsonPropertyDescription("What the route sends its traffic to. Default: the Service named like the Deployment.")
        Backend backend) {

    /** A backend of the route. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Backend(
            @Nullable @JsonPropertyDescription("Kind of the backend. Default Service.")
            Kind kind,

            @Required
            @Size(min = 1, max = 253)
            @Pattern(Names.SUBDOMAIN)
            @JsonPropertyDescription("Name of the backend.")
            String name) {

        /** The kinds of backend that are known. */
        public enum Kind {
            /** A core Service. */
            Service
        }
    }
}
