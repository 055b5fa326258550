package dev.modelrollout.rollout;

/** What a route sends a version's traffic to; in the rollout's namespace. The core group is {@code ""}. */
public record Backend(String group, String kind, String name) {

    /** The core Service of this name. */
    public static Backend service(String name) {
        return new Backend("", "Service", name);
    }
}
