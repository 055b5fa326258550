package dev.modelrollout.reconcile;

import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.traffic.TrafficRouter;
import java.util.List;
import java.util.Optional;

/**
 * A router that tells how it is asked.
 *
 * @param readFor gets the live version for which a route is read, each time
 */
record OverheardRouter(TrafficRouter right, List<Optional<String>> readFor) implements DelegatingRouter {

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
}
