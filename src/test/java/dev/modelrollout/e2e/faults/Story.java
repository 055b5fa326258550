package dev.modelrollout.e2e.faults;

import java.time.Duration;

/** A kind of rollout from v1 to v2: what happens in its middle, and how it has to end. */
enum Story {
    GOOD("Live", "v2"),
    /** The candidate is bad from some weight on. */
    BAD("RolledBack", "v1"),
    /** Bad, and once rolled back, the target is changed away and back. */
    RETURNED("RolledBack", "v1"),
    /** The target is changed back. */
    ABORTED("Live", "v1"),
    /** The ceiling is lowered, and raised again. */
    LOWERED("Live", "v2"),
    /** All pods of the candidate are lost, and come back. */
    LOST("Live", "v2"),
    DELETED("", "v1");

    /** The object that all of these are made of. */
    static final String NAME = "m";

    private final String phase;
    private final String server;

    Story(String phase, String server) {
        this.phase = phase;
        this.server = server;
    }

    /** At the end; empty if nothing is left. */
    String phase() {
        return phase;
    }

    /** The version with all the traffic at the end. */
    String server() {
        return server;
    }

    boolean isBad() {
        return this == BAD || this == RETURNED;
    }

    /** YAML of the ModelRollout. */
    static String manifest(String namespace, Duration hold) {
        return manifest(
                namespace,
                "{weight: 5, hold: %1$ds}, {weight: 25, hold: %1$ds}, {weight: 50, hold: %1$ds}"
                        .formatted(hold.toSeconds()),
                check("errors", 2));
    }

    /** The same with these steps and checks. */
    static String manifest(String namespace, String steps, String... checks) {
        return """
                apiVersion: modelrollout.dev/v1alpha1
                kind: ModelRollout
                metadata: {name: %1$s, namespace: %2$s}
                spec:
                  route: {name: %1$s}
                  versions: [{name: v1, deployment: %1$s-v1}, {name: v2, deployment: %1$s-v2}]
                  target: v2
                  steps: [%3$s]
                  analysis:
                    interval: 1s
                    warmup: 0s
                    checks: [%4$s]
                """.formatted(NAME, namespace, steps, String.join(", ", checks));
    }

    /** At most 2 % of what the query of this name shows, or it fails after so many readings in a row. */
    static String check(String name, int failures) {
        return "{name: %1$s, query: '%1$s{namespace=\"$namespace\",pod=~\"$pods\"}', max: 2%%, failures: %2$d}"
                .formatted(name, failures);
    }
}
