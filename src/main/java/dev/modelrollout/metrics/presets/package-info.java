/**
 * Ready-made checks: which series say how well a version does, for each engine and gateway. May import {@code analysis}
 * and Jackson.
 *
 * <p>To add one: a file below {@code src/main/resources/presets} and its line in the index there; what the engine
 * exposes in {@code src/test/resources/presets}, with the numbers that the preset must find in it.
 */
@NullMarked
package dev.modelrollout.metrics.presets;

import org.jspecify.annotations.NullMarked;
