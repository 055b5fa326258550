/**
 * Gateway API routes: weights of {@code backendRefs} by guarded JSON Patch.
 *
 * <p>The route is read as plain JSON and only its weights are ever written, so fields that this code does not know are
 * never lost.
 */
@NullMarked
package dev.modelrollout.traffic.gatewayapi;

import org.jspecify.annotations.NullMarked;
