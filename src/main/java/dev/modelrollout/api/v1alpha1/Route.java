package dev.modelrollout.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Which route, and which of its rules. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Route(
        @Nullable
        @Size(min = 1, max = 253)
        @Pattern(Names.SUBDOMAIN)
        @JsonPropertyDescription("API group of the route. Default gateway.networking.k8s.io.")
        String group,

        @Nullable
        @Size(min = 1, max = 63)
        @Pattern("^[A-Za-z]([A-Za-z0-9]*)$")
        @JsonPropertyDescription("Kind of the route. Default HTTPRoute.")
        String kind,

        @Required @Size(min = 1, max = 253) @Pattern(Names.SUBDOMAIN) @JsonPropertyDescription("Name of the route.")
        String name,

        @Nullable
        @Size(min = 1, max = 253)
        @Pattern(Names.SUBDOMAIN)
        @JsonPropertyDescription("Name of the one rule to manage. Default: every rule that holds the backends of both"
                + " the live version and the target.")
        String rule) {}
