/**
 * From readings to a verdict: pure functions on values, no clock, no I/O. May import {@code java..} only.
 *
 * <p>To add a kind of check: a new record of {@link dev.modelrollout.analysis.Evidence} and its vectors.
 */
@NullMarked
package dev.modelrollout.analysis;

import org.jspecify.annotations.NullMarked;
