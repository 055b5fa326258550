/**
 * The shell: one round, its watches, and the mapping between wire and core. May import everything but {@code operator}.
 *
 * <p>The round itself is {@link dev.modelrollout.reconcile.ModelRolloutReconciler}.
 */
@NullMarked
package dev.modelrollout.reconcile;

import org.jspecify.annotations.NullMarked;
