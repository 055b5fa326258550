/**
 * Right and wrong decisions of the packaged operator: many rollouts at once, on a real API server, with counters over
 * HTTP that evolve by chance. {@code make e2e-decisions} prints them. May import the fixtures of {@code testing}, and
 * dice, bounds and tables of {@code bench.decisions}; nothing of the operator.
 *
 * <p>To add a kind of rollout: a {@link dev.modelrollout.e2e.decisions.Story} in its list; of trouble: a case of {@link
 * dev.modelrollout.e2e.decisions.Trouble}.
 */
@NullMarked
package dev.modelrollout.e2e.decisions;

import org.jspecify.annotations.NullMarked;
