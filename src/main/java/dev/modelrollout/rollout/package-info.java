/**
 * The core: plan, state, world, decision. Pure functions on values; imports {@code analysis} and {@code java..} only.
 *
 * <pre>
 *            first rise            last rung
 *  Waiting ------------> Progressing ------------> Live
 *    ^  ^                  |   |   |  abort           |
 *    |  +--- pods lost ----+   |   +----------------> |
 *    |                         v harm                 | target changes
 *    +---- new revision -- RolledBack                 |
 *    +------------------------------------------------+      (Halted: any of them, waiting for a person)
 * </pre>
 *
 * <p>To add a state: a record of {@link dev.modelrollout.rollout.RolloutState}; to add a rule that holds in several
 * states: a function in {@link dev.modelrollout.rollout.Guards}.
 */
@NullMarked
package dev.modelrollout.rollout;

import org.jspecify.annotations.NullMarked;
