package dev.modelrollout.rollout;

import java.util.List;

/** Nothing was readable yet: the route is read as it stands, and adopted. */
public record Unseen() implements RolloutState {

    @Override
    public Decision decide(Round round) {
        return round.world()
                .anyTrouble()
                .filter(trouble -> trouble.reason().compareTo(Reason.DEPLOYMENT_MISSING) < 0)
                .map(trouble -> Decision.stay(this, trouble))
                .orElseGet(() -> adopt(round));
    }

    private Decision adopt(Round round) {
        var plan = round.plan();
        var route = round.world().route();
        if (route.serves(TrafficSplit.all(plan.target()))) {
            return live(round, plan.target());
        }
        var others = plan.versions().stream()
                .map(ModelVersion::name)
                .filter(name -> !name.equals(plan.target()))
                .toList();
        for (var other : others) {
            if (route.serves(TrafficSplit.all(other))) {
                return live(round, other);
            }
        }
        var serving = others.stream().filter(other -> route.serves(other)).toList();
        return serving.size() == 1 && route.serves(plan.target())
                ? adoptSplit(round, serving.get(0))
                : Decision.stay(
                        this,
                        new Trouble(
                                Reason.ROUTE_SHAPE,
                                plan.route().text() + " does not tell which version serves now: give all weight to"
                                        + " the version that serves now"));
    }

    /**
     * Confirmed: put-backs rest on it for ever, and a cache may not know yet what was applied together with it. It is
     * stored before anybody else has traffic: a deletion would not know whom to give that to.
     */
    private static Decision live(Round round, String version) {
        var live = new Live(new Ledger(version, List.of(), List.of()));
        return live.decide(round).confirmed();
    }

    /** Nothing is judged, and nothing moves, before somebody but the candidate could serve. */
    private Decision adoptSplit(Round round, String live) {
        var plan = round.plan();
        if (!round.world().isReachable(live)) {
            return Decision.stay(this, Reason.STABLE_UNAVAILABLE, Transitions.nobodyServes(live));
        }
        var rung = round.world().route().rungFor(plan.target(), plan.climb(), plan.maxWeight());
        return round.newCandidate()
                .map(candidate -> Progressing.entered(
                                round, new Ledger(live, List.of(), List.of()), candidate, rung, Measurements.NONE)
                        .settle(round, rung, Reason.PROGRESSING)
                        .confirmed())
                .orElseGet(() -> Decision.stay(this, Transitions.obstacle(round)));
    }

    @Override
    public <T> T fold(Cases<T> cases) {
        return cases.unseen(this);
    }
}
