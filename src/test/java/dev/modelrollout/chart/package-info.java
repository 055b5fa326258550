/**
 * What is shipped beside the program: the Helm chart, {@code deploy/}, the samples. May import helm-java, the
 * Kubernetes client and {@code testing}; nothing of the operator.
 *
 * <p>To add a template: its line in the test that lists what is rendered, and {@code mvn test -Dtest=DeployTest
 * -Dupdate=true}.
 */
@NullMarked
package dev.modelrollout.chart;

import org.jspecify.annotations.NullMarked;
