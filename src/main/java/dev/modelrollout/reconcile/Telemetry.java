package dev.modelrollout.reconcile;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import java.time.Duration;

/** Where the operator tells about itself. */
public interface Telemetry {

    /** A rollout has this status now. */
    void shows(ModelRollout rollout, ModelRolloutStatus status);

    /** A rollout went from one phase to another. */
    void moved(String from, String to, String reason);

    /** It took this long from first seeing what decides to the answer to the route patch. */
    void rolledBack(Duration took);

    /** A rollout is gone: so are its series. */
    void gone(String namespace, String name);
}
