package dev.modelrollout.rollout;

import dev.modelrollout.rollout.Decision.Write;
import dev.modelrollout.rollout.Move.Action;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A person must look, or the world must mend: the weight is as it is and never rises.
 *
 * @param at where it halted
 * @param generation of the spec that it halted at
 * @param settledSince since when a contested route has shown the stored split; null when it does not
 */
public record Halted(
        Known at,
        Reason cause,
        String message,
        long generation,
        Instant since,
        @Nullable Instant settledSince) implements Known {

    static Decision because(Round round, Known at, Reason cause, String message) {
        var halted = new Halted(at, cause, message, round.plan().generation(), round.now(), null);
        var ledger = at.ledger();
        var split = at.split();
        var move = new Move(
                round.now(), Action.HOLD, cause.text(), ledger.live(), split.candidate(), split.weight(), message);
        return Decision.stay(halted.with(ledger.with(move)), cause, message).moving(move);
    }

    @Override
    public Decision decide(Round round) {
        var inner = at.decide(round);
        if (inner.next().isHaltedBy(cause)) {
            return stay(inner, this);
        }
        return switch (cause) {
            case STABLE_UNAVAILABLE, BOTH_UNHEALTHY -> mended(inner);
            case CONTESTED -> contested(round, inner);
            default -> round.plan().generation() > generation ? resumed(round) : heldUnlessLost(inner);
        };
    }

    /** The cause is gone by itself; a rise has to wait for the next round. */
    private Decision mended(Decision inner) {
        return inner.change().filter(Write::up).isPresent() ? goingOn(at) : inner;
    }

    private Decision contested(Round round, Decision inner) {
        if (round.plan().generation() > generation) {
            return resumed(round);
        }
        if (!round.world().route().serves(at.split())) {
            return inner.reason() == Reason.CONTESTED || inner.reason() == Reason.DRIFTED
                    ? stay(inner, new Halted(at, cause, message, generation, since, null))
                    : heldUnlessLost(inner);
        }
        var settled = settledSince == null ? round.now() : settledSince;
        var ends = settled.plus(Guards.CONTEST);
        return round.now().isBefore(ends)
                ? stay(inner, new Halted(at, cause, message, generation, since, settled))
                        .wakingAt(ends)
                : goingOn(at);
    }

    /** A person has changed the spec: the rung is held anew, and so is the deadline. */
    private Decision resumed(Round round) {
        return at.fold(new Resumption(round));
    }

    private Decision heldUnlessLost(Decision inner) {
        var leaves = !inner.next().getClass().equals(at.getClass());
        var down = inner.change().filter(write -> !write.up()).isPresent();
        var up = inner.change().filter(Write::up).isPresent();
        return !up && (leaves || down) ? inner : stay(inner, this);
    }

    private Decision stay(Decision inner, Halted next) {
        return Decision.stay(next, cause, message).seeing(inner.sight()).asking(inner.questions());
    }

    private static Decision goingOn(Known at) {
        return Decision.stay(at, Reason.PROGRESSING, "What halted it is gone.").wakingAt(Instant.EPOCH);
    }

    private record Resumption(Round round) implements Cases<Decision> {

        @Override
        public Decision unseen(Unseen state) {
            return state.decide(round);
        }

        @Override
        public Decision live(Live state) {
            return state.decide(round);
        }

        @Override
        public Decision waiting(Waiting state) {
            return state.decide(round);
        }

        @Override
        public Decision progressing(Progressing state) {
            return round.wants(state.candidate()) ? goingOn(state.resumed(round)) : state.decide(round);
        }

        @Override
        public Decision rolledBack(RolledBack state) {
            return state.decide(round);
        }

        @Override
        public Decision halted(Halted state) {
            return state.decide(round);
        }
    }

    @Override
    public boolean isHaltedBy(Reason other) {
        return cause == other;
    }

    @Override
    public Ledger ledger() {
        return at.ledger();
    }

    @Override
    public Halted with(Ledger ledger) {
        return new Halted(at.with(ledger), cause, message, generation, since, settledSince);
    }

    @Override
    public <T> T fold(Cases<T> cases) {
        return cases.halted(this);
    }

    @Override
    public TrafficSplit split() {
        return at.split();
    }

    @Override
    public RolloutState since(Instant at) {
        return this;
    }
}
