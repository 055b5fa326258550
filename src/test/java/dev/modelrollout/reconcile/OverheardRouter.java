package dev.modelrollout.reconcile;

import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.TrafficSplit;
import dev.modelrollout.traffic.TrafficRouter;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A router that tells how it is asked.
 *
 * @param readFor gets the live version for which a route is read, each time
 */
record OverheardRouter(TrafficRouter right, List<Optional<String>> readFor) implements TrafficRouter {

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
        readFor.add(live);
        return right.read(plan, live);
    }

    @Override
    public RouteView readFresh(RolloutPlan plan, Optional<String> live) {
        readFor.add(live);
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
        return right.lower(plan, view, split, isStillDue);
    }
}
