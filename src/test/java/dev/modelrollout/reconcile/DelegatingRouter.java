package dev.modelrollout.reconcile;

import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.traffic.TrafficRouter;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A router that does as another one does, but for what it overrides. */
interface DelegatingRouter extends TrafficRouter {

    /** The other one. */
    TrafficRouter right();

    @Override
    default boolean handles(RouteRef ref) {
        return right().handles(ref);
    }

    @Override
    default String kind() {
        return right().kind();
    }

    @Override
    default RouteView read(RolloutPlan plan, Optional<String> live) {
        return right().read(plan, live);
    }

    @Override
    default RouteView readFresh(RolloutPlan plan, Optional<String> live) {
        return right().readFresh(plan, live);
    }

    @Override
    default boolean raise(RolloutPlan plan, RouteView view, TrafficSplit split) {
        return right().raise(plan, view, split);
    }

    @Override
    default boolean tryLower(RolloutPlan plan, RouteView view, TrafficSplit split) {
        return right().tryLower(plan, view, split);
    }

    @Override
    default boolean lower(RolloutPlan plan, RouteView view, TrafficSplit split, BooleanSupplier isStillDue) {
        return right().lower(plan, view, split, isStillDue);
    }
}
