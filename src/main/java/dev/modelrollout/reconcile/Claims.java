package dev.modelrollout.reconcile;

import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.RouteView.ManagedRule;
import dev.modelrollout.rollout.Trouble;
import dev.modelrollout.traffic.TrafficRouter;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One rollout for each rule: the oldest writes, the others wait. */
final class Claims {

    private static final Comparator<ModelRollout> OLDEST_FIRST = Comparator.comparing(
                    (ModelRollout rollout) -> rollout.getMetadata().getCreationTimestamp())
            .thenComparing(rollout -> rollout.getMetadata().getUid());

    private final Caches caches;
    private final PlanReader plans;
    private final TrafficRouter router;

    Claims(Caches caches, PlanReader plans, TrafficRouter router) {
        this.caches = caches;
        this.plans = plans;
        this.router = router;
    }

    /** The older rollout that manages one of this view's rules, if there is one. */
    Optional<Trouble> conflict(ModelRollout rollout, RolloutPlan plan, RouteView view) {
        var rules = indexes(view);
        return caches.rolloutsOf(plan.namespace(), plan.route().name()).stream()
                .filter(other -> OLDEST_FIRST.compare(other, rollout) < 0)
                .sorted(OLDEST_FIRST)
                .filter(other -> !Collections.disjoint(rules, rulesOf(other)))
                .findFirst()
                .map(other -> new Trouble(
                        Reason.CONFLICT,
                        "ModelRollout " + other.getMetadata().getName() + " is older and manages the same rule of "
                                + plan.route().text()
                                + ". Delete one of the two, or set spec.route.rule to different rules."));
    }

    private Set<Integer> rulesOf(ModelRollout other) {
        var plan = plans.readToLeave(other).plan();
        var status = other.getStatus();
        return plan == null
                ? Set.of()
                : indexes(router.read(plan, Optional.ofNullable(status).map(seen -> seen.live())));
    }

    private static Set<Integer> indexes(RouteView view) {
        return view.rules().stream().map(ManagedRule::index).collect(Collectors.toSet());
    }
}
