package dev.modelrollout.reconcile;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import java.util.List;
import java.util.Optional;

/** What the watches have shown; may be behind. */
interface Caches {

    /** The Deployment of this name. */
    Optional<SlimDeployment> deployment(String namespace, String name);

    /** Whether a Service has a ready endpoint. */
    boolean isReachable(String namespace, String service);

    /** All rollouts that name this route. */
    List<ModelRollout> rolloutsOf(String namespace, String route);

    /** Wakes the others that name the same route: a new spec may claim a rule that they hold. */
    void wakeNeighbours(ModelRollout rollout);
}
