package dev.modelrollout.demo;

import java.time.Duration;
import java.util.Map;

/**
 * How fast it is played.
 *
 * @param hold of each step, whole seconds
 * @param outage for how long Prometheus is away; longer than a hold, so that a rise would be due
 */
record Pace(Duration hold, Duration outage) {

    private static final Pace FOR_EYES = new Pace(Duration.ofSeconds(3), Duration.ofSeconds(5));
    private static final Pace FAST = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(3));

    /** {@code FAST=1} shortens it. */
    static Pace of(Map<String, String> environment) {
        return "1".equals(environment.get("FAST")) ? FAST : FOR_EYES;
    }
}
