/**
 * Start-up, configuration, the only clock, own telemetry. Wiring only; nothing imports it.
 */
@NullMarked
package dev.modelrollout.operator;

import org.jspecify.annotations.NullMarked;
