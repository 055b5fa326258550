package dev.modelrollout.rollout;

import org.jspecify.annotations.Nullable;

/** Which route, in the rollout's namespace; {@code rule} null means every rule that holds live and target. */
public record RouteRef(
        String group,
        String kind,
        String namespace,
        String name,
        @Nullable String rule) {

    /** For people: {@code HTTPRoute chat}. */
    public String text() {
        return kind + " " + name;
    }
}
