package dev.modelrollout.reconcile;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Reads and writes the rollouts themselves. Every write names the resourceVersion that it rests on: an older one is a
 * conflict (409), never an overwrite. The answer is put into the cache, so the next round reads its own writes.
 */
interface RolloutStore {

    String FINALIZER = "modelrollout.dev/traffic";

    /** What has this rollout's name in the API server now. */
    Optional<ModelRollout> get(ModelRollout rollout);

    /** The rollout with this status, as it is stored from now on. */
    ModelRollout patchStatus(ModelRollout rollout, ModelRolloutStatus status);

    /** The rollout with these finalizers, as it is stored from now on; one that is gone needs none. */
    ModelRollout patchFinalizers(ModelRollout rollout, List<String> finalizers);

    /** The rollout from the API server, unless it is gone or another one has its name. */
    default Optional<ModelRollout> readFresh(ModelRollout rollout) {
        var uid = rollout.getMetadata().getUid();
        return get(rollout).filter(fresh -> fresh.getMetadata().getUid().equals(uid));
    }

    /** The rollout with or without our finalizer; those of others stay. */
    default ModelRollout withFinalizer(ModelRollout rollout, boolean wanted) {
        if (rollout.hasFinalizer(FINALIZER) == wanted) {
            return rollout;
        }
        var others = rollout.getFinalizers().stream().filter(Predicate.not(FINALIZER::equals));
        return patchFinalizers(
                rollout, wanted ? Stream.concat(others, Stream.of(FINALIZER)).toList() : others.toList());
    }
}
