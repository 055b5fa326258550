/**
 * Right and wrong decisions, counted on simulated traffic: {@code make bench-decisions}.
 *
 * <p>A {@link dev.modelrollout.bench.decisions.Service} makes windows, a {@link dev.modelrollout.bench.decisions.Judge}
 * sees them one by one; {@link dev.modelrollout.bench.decisions.Ours} decides whole rounds on them. To add a rule: a
 * function in {@link dev.modelrollout.bench.decisions.Peers}, and its place in {@link
 * dev.modelrollout.bench.decisions.Rules}.
 */
@NullMarked
package dev.modelrollout.bench.decisions;

import org.jspecify.annotations.NullMarked;
