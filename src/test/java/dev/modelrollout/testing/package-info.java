/**
 * What tests need from outside the JVM: a real API server, a Prometheus, a cluster without containers. May import JUnit,
 * the Kubernetes client and kube-api-test; nothing of the operator.
 *
 * <p>To add a program: a {@link dev.modelrollout.testing.Program}, and an annotation with its condition beside it.
 */
@NullMarked
package dev.modelrollout.testing;

import org.jspecify.annotations.NullMarked;
