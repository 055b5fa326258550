/**
 * The packaged operator while the API server, the network or its own process fails under it: {@code make e2e-faults}.
 * import the fixtures of {@code testing}; nothing of the operator.
 *
 * <p>To add a fault: a case of {@link dev.modelrollout.e2e.faults.Fault}; a kind of rollout: one of {@link
 * dev.modelrollout.e2e.faults.Story}; a promise: a method of {@link dev.modelrollout.e2e.faults.Promises}; what may befall a leader: one of {@link
 * dev.modelrollout.e2e.faults.Blow}; what may go wrong beside a breach: one of {@link
 * dev.modelrollout.e2e.faults.Setback}.
 */
@NullMarked
package dev.modelrollout.e2e.faults;

import org.jspecify.annotations.NullMarked;
