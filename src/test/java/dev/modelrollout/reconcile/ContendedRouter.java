package dev.modelrollout.reconcile;

import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.traffic.TrafficRouter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A router whose route somebody else keeps changing.
 *
 * @param refusals how many more decreases come to nothing, each tried as often as it may be
 */
record ContendedRouter(TrafficRouter right, AtomicInteger refusals) implements TrafficRouter {

    @Override
    public boolean handles(RouteRef ref) {
        return right.handles(ref);
    }

    @Override
    public String kind() {
        return right.kind();
    }

    @Override
    public RouteView read(RolloutPlan plan, Optional<String> live) {
        return right.read(plan, live);
    }

    @Override
    public RouteView readFresh(RolloutPlan plan, Optional<String> live) {
        return right.readFresh(plan, live);
    }

    @Override
    public boolean raise(RolloutPlan plan, RouteView view, TrafficSplit split) {
        return right.raise(plan, view, split);
    }

    @Override
    public boolean tryLower(RolloutPlan plan, RouteView view, TrafficSplit split) {
        return right.tryLower(plan, view, split);
    }

    @Override
    public boolean lower(RolloutPlan plan, RouteView view, TrafficSplit split, BooleanSupplier isStillDue) {
        return refusals.getAndDecrement() <= 0 && right.lower(plan, view, split, isStillDue);
    }
}
