package dev.modelrollout.rollout;

/**
 * A version's Deployment and backend, as seen.
 *
 * @param template identity of the pod template
 * @param replicas asked for
 * @param ready pods that are ready and of this template; 0 while the Deployment's status is behind its spec
 * @param observed whether the Deployment's status speaks of its spec
 * @param reachable whether the backend has a ready endpoint
 */
public record Workload(String template, int replicas, int ready, boolean observed, boolean reachable) {

    /** Whether no pod at all can serve. */
    public boolean isGone() {
        return !reachable || (observed && ready == 0);
    }

    /** Whether at least {@code percent}, rounded up, of {@code base} pods are ready, and at least one. */
    public boolean hasReady(int percent, int base) {
        return observed && reachable && ready >= Math.max(1, (int) ((base * (long) percent + 99) / 100));
    }
}
