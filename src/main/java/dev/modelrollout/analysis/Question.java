package dev.modelrollout.analysis;

import java.time.Duration;

/**
 * One query, filled in for one version, to be asked at each tick. Equal questions of different rollouts are one.
 *
 * @param provider name of a configured metric source
 * @param query PromQL without variables
 * @param interval distance of two ticks; ticks are its multiples since the epoch
 */
public record Question(String provider, String query, Duration interval) {}
