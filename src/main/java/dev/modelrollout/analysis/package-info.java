/**
 * From readings to a verdict: pure functions on values, no clock, no I/O. May import {@code java..} only.
 *
 * <p>{@link dev.modelrollout.analysis.PlainCheck} judges readings, {@link dev.modelrollout.analysis.SequentialCheck}
 * counts, {@link dev.modelrollout.analysis.RolloutHarm} all checks together. Throughout, c is the candidate, s stable, k
 * bad events and n all events of a window; logarithms are natural.
 *
 * <p>To add a kind of check: a rule, a record of what it remembers, and its vectors.
 */
@NullMarked
package dev.modelrollout.analysis;

import org.jspecify.annotations.NullMarked;
