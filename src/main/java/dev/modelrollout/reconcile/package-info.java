/**
 * The shell: one round, its watches, and the mapping between wire and core. May import everything but {@code operator}.
 *
 * <p>{@link dev.modelrollout.reconcile.ModelRolloutReconciler} makes the parts and is woken, {@code Round} looks and
 * decides, {@code Decided} writes what follows, {@code Farewell} ends a rollout that is deleted.
 */
@NullMarked
package dev.modelrollout.reconcile;

import org.jspecify.annotations.NullMarked;
