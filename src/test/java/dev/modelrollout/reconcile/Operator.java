package dev.modelrollout.reconcile;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.reconcile.Parts.Decider;
import dev.modelrollout.traffic.TrafficRouter;
import java.time.Duration;

/** What may be wrong with an operator, in its core or in its ports; by itself nothing is. */
interface Operator {

    /** What it reads and writes through. */
    record Ports(RolloutStore store, TrafficRouter router, Caches caches, MetricSource source) {}

    /** Makes one for each process. */
    interface Maker {
        Operator make();
    }

    Maker RIGHT = () -> new Operator() {};

    Telemetry SILENCE = new Telemetry() {
        @Override
        public void shows(ModelRollout rollout, ModelRolloutStatus status) {}

        @Override
        public void moved(String from, String to, String reason) {}

        @Override
        public void rolledBack(Duration took) {}

        @Override
        public void gone(String namespace, String name) {}
    };

    /** Who hears of what it does. */
    default Telemetry telemetry() {
        return SILENCE;
    }

    default Decider decider(Decider right) {
        return right;
    }

    default Ports ports(Ports right) {
        return right;
    }
}
