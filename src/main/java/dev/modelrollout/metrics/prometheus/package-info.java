/**
 * Asks servers that speak the Prometheus HTTP API. May import the port, {@code analysis} and Jackson; everything but
 * {@link dev.modelrollout.metrics.prometheus.PrometheusProvider} is private to this folder.
 *
 * <p>To add a fault: a row in {@code PrometheusSourceTest}, and a {@link dev.modelrollout.analysis.Blindness}.
 */
@NullMarked
package dev.modelrollout.metrics.prometheus;

import org.jspecify.annotations.NullMarked;
