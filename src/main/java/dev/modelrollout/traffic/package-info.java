/**
 * Ports to what shares the traffic, and one folder for each adapter. May import {@code rollout} and Fabric8.
 *
 * <p>To add a router: a folder with one implementation of {@link dev.modelrollout.traffic.TrafficRouter}, a test that
 * extends {@code TrafficRouterContract}, and its RBAC rule in {@code helm/}.
 */
@NullMarked
package dev.modelrollout.traffic;

import org.jspecify.annotations.NullMarked;
