package dev.modelrollout.reconcile;

import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.reconcile.Parts.Decider;
import dev.modelrollout.traffic.TrafficRouter;

/** What may be wrong with an operator, in its core or in its ports; by itself nothing is. */
interface Operator {

    /** What it reads and writes through. */
    record Ports(RolloutStore store, TrafficRouter router, Caches caches, MetricSource source) {}

    /** Makes one for each process. */
    interface Maker {
        Operator make();
    }

    Maker RIGHT = () -> new Operator() {};

    default Decider decider(Decider right) {
        return right;
    }

    default Ports ports(Ports right) {
        return right;
    }
}
