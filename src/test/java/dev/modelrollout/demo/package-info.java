/**
 * {@code make demo}: the packaged operator, run as it ships, on a stage that plays all around it. May import the API
 * records, the Kubernetes client and its mock server, and starts the operator; nothing else of it.
 *
 * <p>To add an act: a new {@link dev.modelrollout.demo.Act}, named in {@link dev.modelrollout.demo.Demo}.
 */
@NullMarked
package dev.modelrollout.demo;

import org.jspecify.annotations.NullMarked;
