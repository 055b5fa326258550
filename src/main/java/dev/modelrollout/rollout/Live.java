package dev.modelrollout.rollout;

import java.util.List;
import java.util.Optional;

/** Idle: the target serves all traffic. Nothing is timed, nothing is asked. */
public record Live(Ledger ledger) implements Known {

    @Override
    public Decision decide(Round round) {
        if (!round.plan().target().equals(ledger.live())) {
            return Guards.begin(round, this, ledger.live());
        }
        return Guards.first(
                        List.of(
                                () -> Guards.contested(round, this),
                                () -> Guards.putBack(round, this, ledger.live()),
                                () -> Guards.troubled(round, this),
                                () -> unavailable(round),
                                () -> Guards.drifting(round, this),
                                () -> unprogrammed(round)),
                        () -> Decision.stay(this, Reason.LIVE, message(ledger.live())))
                .seeing(Decision.Sight.NOT_ASKED);
    }

    static String message(String live) {
        return live + " serves all traffic.";
    }

    private Optional<Decision> unprogrammed(Round round) {
        return Guards.unprogrammed(round, this)
                .map(decision -> decision.reason() == Reason.PROGRESSING
                        ? Decision.stay(this, Reason.LIVE, message(ledger.live()))
                                .wakingAt(ledger.servedBy())
                        : decision);
    }

    private Optional<Decision> unavailable(Round round) {
        return round.world().isReachable(ledger.live())
                ? Optional.empty()
                : Optional.of(Decision.stay(
                        this,
                        Reason.LIVE_UNAVAILABLE,
                        ledger.live() + " serves all traffic but has no ready endpoint. It is well again as soon as a"
                                + " pod of Deployment "
                                + round.plan().version(ledger.live()).deployment() + " is ready."));
    }

    @Override
    public <T> T fold(Cases<T> cases) {
        return cases.live(this);
    }

    @Override
    public TrafficSplit split() {
        return TrafficSplit.all(ledger.live());
    }

    @Override
    public Live with(Ledger changed) {
        return new Live(changed);
    }
}
