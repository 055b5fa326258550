package dev.modelrollout.reconcile;

import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.traffic.TrafficRouter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A router whose route somebody else keeps changing.
 *
 * @param refusals how many more decreases come to nothing, each tried as often as it may be
 */
record ContendedRouter(TrafficRouter right, AtomicInteger refusals) implements DelegatingRouter {

    @Override
    public boolean lower(RolloutPlan plan, RouteView view, TrafficSplit split, BooleanSupplier isStillDue) {
        return refusals.getAndDecrement() <= 0 && right.lower(plan, view, split, isStillDue);
    }
}
