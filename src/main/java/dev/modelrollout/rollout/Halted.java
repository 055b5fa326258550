package dev.modelrollout.rollout;

import dev.modelrollout.rollout.Decision.Write;
import dev.modelrollout.rollout.Move.Action;
import java.time.Instant;
import java.util.function.Supplier;
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
                round.now(),
                Action.HOLD,
                cause.text(),
                ledger.live(),
                split.candidate(),
                split.weightOf(split.candidate()),
                message);
        return Decision.stay(halted.with(ledger.with(move)), cause, message).moving(move);
    }

    @Override
    public Decision decide(Round round) {
        return at(at.measured(round)).judge(cause == Reason.STABLE_UNAVAILABLE ? round : round.uninterrupted());
    }

    private Decision judge(Round round) {
        var inner = at.decide(round);
        return switch (cause) {
            case STABLE_UNAVAILABLE, BOTH_UNHEALTHY -> untilMended(inner);
            case CONTESTED -> untilChanged(round, inner, () -> untilSettled(round, inner));
            default -> untilChanged(round, inner, () -> guarded(inner));
        };
    }

    /** The cause goes by itself; a rise has to wait for the next round. */
    private Decision untilMended(Decision inner) {
        if (inner.next().isHaltedBy(cause)) {
            return stay(inner, this);
        }
        return isUp(inner) ? goingOn(inner) : inner;
    }

    /** Until a person changes the spec; the way down stays open. */
    private Decision untilChanged(Round round, Decision inner, Supplier<Decision> otherwise) {
        if (leaves(inner)) {
            return inner;
        }
        return round.plan().generation() > generation ? at(at.resumed(round)).goingOn(inner) : otherwise.get();
    }

    /** Left alone until it has shown the stored split for long enough. */
    private Decision untilSettled(Round round, Decision inner) {
        if (!round.world().route().serves(at.split())) {
            return stay(inner, settledSince(null));
        }
        var settled = settledSince == null ? round.now() : settledSince;
        var ends = settled.plus(Guards.CONTEST);
        return round.now().isBefore(ends) ? stay(inner, settledSince(settled)).wakingAt(ends) : goingOn(inner);
    }

    /** Foreign changes are put back as in every state. */
    private Decision guarded(Decision inner) {
        return inner.reason() == Reason.DRIFTED && inner.next() instanceof Known next
                ? inner.withNext(at(next)).because(cause, message).standing(Reason.Standing.STALLED)
                : stay(inner, this);
    }

    private boolean leaves(Decision inner) {
        return !isUp(inner)
                && inner.reason() != Reason.DRIFTED
                && !(inner.next() instanceof Halted)
                && !inner.next().getClass().equals(at.getClass());
    }

    private static boolean isUp(Decision inner) {
        return inner.change().filter(Write::up).isPresent();
    }

    private Decision stay(Decision inner, Halted next) {
        return timed(inner, Decision.stay(next, cause, message));
    }

    private Decision goingOn(Decision inner) {
        return timed(inner, Decision.stay(at, Reason.PROGRESSING, "What halted it is gone."))
                .wakingAt(Instant.EPOCH);
    }

    private static Decision timed(Decision inner, Decision decision) {
        var asked = decision.seeing(inner.sight()).asking(inner.wanted());
        return inner.wakeAt() == null ? asked : asked.wakingAt(inner.wakeAt());
    }

    private Halted at(Known inner) {
        return new Halted(inner, cause, message, generation, since, settledSince);
    }

    private Halted settledSince(@Nullable Instant settled) {
        return new Halted(at, cause, message, generation, since, settled);
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
}
