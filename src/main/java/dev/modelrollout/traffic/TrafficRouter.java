package dev.modelrollout.traffic;

import dev.modelrollout.rollout.RolloutPlan;
import dev.modelrollout.rollout.RouteRef;
import dev.modelrollout.rollout.RouteView;
import dev.modelrollout.rollout.TrafficSplit;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Reads and writes the weights of one kind of route. Has no state and no policy. */
public interface TrafficRouter {

    /** How often a decrease is sent at most. */
    int TRIES = 5;

    /** Whether it knows this group and kind. */
    boolean handles(RouteRef ref);

    /** The kind that it knows, for people: {@code gateway.networking.k8s.io/HTTPRoute}. */
    String kind();

    /** The route from the cache; trouble is in the view. {@code live} is empty before it is known. */
    RouteView read(RolloutPlan plan, Optional<String> live);

    /** The route from the API server. */
    RouteView readFresh(RolloutPlan plan, Optional<String> live);

    /**
     * Raises: one patch for all managed rules, dropped when anything differs from the view.
     *
     * @return whether the route now shows the split; false when it was refused because the route had changed otherwise
     */
    boolean raise(RolloutPlan plan, RouteView view, TrafficSplit split);

    /**
     * One patch for all managed rules, refused when their backends or weights differ from the view.
     *
     * @return whether the route now shows the split
     */
    boolean tryLower(RolloutPlan plan, RouteView view, TrafficSplit split);

    /**
     * Lowers: the route is read and the patch sent again when somebody else was faster.
     *
     * @param isStillDue asked before it is sent again: what was decided may be over, if it was a new leader that was
     *     faster
     * @return whether the route now shows the split; false when it has no rule any more that could, when somebody has
     *     gone below it already, or when it is not due any more
     */
    default boolean lower(RolloutPlan plan, RouteView view, TrafficSplit split, BooleanSupplier isStillDue) {
        var seen = view;
        for (var attempt = 1; attempt <= TRIES && !seen.rules().isEmpty(); attempt++) {
            if (seen.givesLess(split.candidate(), split.weight())) {
                return false;
            }
            if (seen.serves(split) || tryLower(plan, seen, split)) {
                return true;
            }
            if (!isStillDue.getAsBoolean()) {
                return false;
            }
            seen = readFresh(plan, Optional.of(split.stable()));
        }
        return seen.serves(split);
    }
}
