/**
 * From readings to a verdict: pure functions on values, no clock, no I/O. May import {@code java..} only.
 *
 * <p>To add a kind of check: a record beside {@link dev.modelrollout.analysis.PlainCheck} that folds readings into
 * evidence of its own and gives a {@link dev.modelrollout.analysis.Verdict}; who holds it is {@code
 * rollout.Measurements}.
 */
@NullMarked
package dev.modelrollout.analysis;

import org.jspecify.annotations.NullMarked;
