/**
 * Metrics watched like objects: who follows which question, the newest answers, who is woken. May import {@code
 * analysis}.
 *
 * <p>To add a metric source: a folder with one implementation of {@link dev.modelrollout.metrics.MetricSource}, and a
 * test that extends {@code MetricSourceContract}.
 */
@NullMarked
package dev.modelrollout.metrics;

import org.jspecify.annotations.NullMarked;
