package dev.modelrollout.rollout;

import java.util.List;

/** Stable serves all traffic again; this revision is barred until a human changes something. */
public record RolledBack(Ledger ledger, Candidate candidate, Tombstone tombstone) implements Known {

    @Override
    public Decision decide(Round round) {
        if (round.plan().target().equals(ledger.live())) {
            return new Live(ledger).decide(round);
        }
        if (!round.wants(candidate)) {
            return Guards.begin(round, this, candidate.version());
        }
        return Guards.first(
                        List.of(
                                () -> Guards.putBack(round, this, candidate.version())
                                        .map(this::stillFailed),
                                () -> Guards.troubled(round, this)),
                        () -> stillFailed(Decision.stay(this, tombstone.reason(), tombstone.message())))
                .seeing(Decision.Sight.NOT_ASKED);
    }

    private Decision stillFailed(Decision decision) {
        return decision.because(tombstone.reason(), tombstone.message()).standing(Reason.Standing.STALLED);
    }

    @Override
    public <T> T fold(Cases<T> cases) {
        return cases.rolledBack(this);
    }

    @Override
    public TrafficSplit split() {
        return new TrafficSplit(ledger.live(), candidate.version(), 0);
    }

    @Override
    public RolledBack with(Ledger changed) {
        return new RolledBack(changed, candidate, tombstone);
    }
}
