package dev.modelrollout.rollout;

import java.time.Instant;

/** All that must be remembered between two rounds. A state's methods are the transitions that are legal from it. */
public sealed interface RolloutState permits Unseen, Known {

    /** What follows; total, whatever was seen. */
    Decision decide(Round round);

    /** One result for each state. */
    <T> T fold(Cases<T> cases);

    /** Whether this is a halt for this cause. */
    default boolean isHaltedBy(Reason cause) {
        return false;
    }

    /** The same state, once the write that it rests on was answered: what is timed from a weight is timed from then. */
    default RolloutState answeredAt(Instant at) {
        return this;
    }

    /** What to do with each state. */
    interface Cases<T> {

        /** Nothing was readable yet. */
        T unseen(Unseen state);

        /** Idle. */
        T live(Live state);

        /** A rollout is due. */
        T waiting(Waiting state);

        /** A rung is held. */
        T progressing(Progressing state);

        /** The revision failed. */
        T rolledBack(RolledBack state);

        /** A person must look. */
        T halted(Halted state);
    }
}
