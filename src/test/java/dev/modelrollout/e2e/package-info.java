/**
 * The packaged operator as its own process: with the rights of the chart, in a cluster without containers, under load;
 * and in {@link dev.modelrollout.e2e.PackagedOperatorIT} beside an API server alone, as a part of {@code mvn verify}.
 * May import the fixtures of {@code testing} and {@code chart}; nothing of the operator: what is asserted is what
 * clients and the route saw.
 *
 * <p>To add a story: a {@link dev.modelrollout.e2e.Model} on the {@link dev.modelrollout.e2e.Stage} and a test.
 */
@NullMarked
package dev.modelrollout.e2e;

import org.jspecify.annotations.NullMarked;
