package dev.modelrollout.rollout;

/** A state in which it is known which version is live. */
public sealed interface Known extends RolloutState permits Live, Waiting, Progressing, RolledBack, Halted {

    /** What outlives the state. */
    Ledger ledger();

    /** The same state with another ledger. */
    Known with(Ledger ledger);

    /** The same state after a person has ended a halt: held anew, judged from nothing. */
    default Known resumed(Round round) {
        return this;
    }

    /** The same state with all that this round has shown about it. */
    default Known measured(Round round) {
        return this;
    }

    /** The split that the route should show. */
    TrafficSplit split();
}
