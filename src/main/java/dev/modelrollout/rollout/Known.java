package dev.modelrollout.rollout;

/** A state in which it is known which version is live. */
public sealed interface Known extends RolloutState permits Live, Waiting, Progressing, RolledBack, Halted {

    /** What outlives the state. */
    Ledger ledger();

    /** The same state with another ledger. */
    Known with(Ledger ledger);

    /** The split that the route should show. */
    TrafficSplit split();
}
