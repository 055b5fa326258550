package dev.modelrollout.rollout;

import dev.modelrollout.rollout.Decision.Write;
import dev.modelrollout.rollout.Move.Action;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Rules that hold in several states. Each gives the decision that it asks for, or nothing when it is content. */
final class Guards {

    /** The time in which {@link #CONTESTED_AFTER} foreign changes make a route contested. */
    static final Duration CONTEST = Duration.ofMinutes(10);

    static final int CONTESTED_AFTER = 3;

    private Guards() {}

    /** The first rule that is not content. */
    static Decision first(List<Supplier<Optional<Decision>>> rules, Supplier<Decision> otherwise) {
        for (var rule : rules) {
            var decision = rule.get();
            if (decision.isPresent()) {
                return decision.get();
            }
        }
        return otherwise.get();
    }

    /** Nothing can go on; what ends it is in the message. */
    static Optional<Decision> troubled(Round round, RolloutState state) {
        return round.world().anyTrouble().map(trouble -> Decision.stay(state, trouble));
    }

    /**
     * Someone else changed the route upwards, or anyhow while all traffic belongs to live: put back, if stable can take
     * the traffic. Beside a backend that is not listed nothing is put back but what another listed version has: live
     * may have another backend now, which nobody has looked at.
     */
    static Optional<Decision> putBack(Round round, Known state, String about) {
        var ledger = state.ledger();
        var route = round.world().route();
        if (!differs(round, state)
                || !round.world().isReachable(ledger.live())
                || (route.trouble() != null && !route.givesMore(state.split()))) {
            return Optional.empty();
        }
        var drifting = drifting(round, state);
        if (drifting.isPresent()) {
            return drifting;
        }
        var weight = state.split().weightOf(about);
        var what = "someone else changed the weights of " + round.plan().route().text() + "; put back to " + weight
                + " % for " + about;
        var move = new Move(round.now(), Action.LOWER, Reason.DRIFTED.text(), ledger.live(), about, weight, what);
        return Optional.of(Transitions.lower(
                        round, state, state.with(ledger.with(move)), Reason.DRIFTED, "Drifted: " + what + ".", move)
                .confirmed());
    }

    /** Too many foreign changes: whoever else writes this route has to be found by a person. */
    static Optional<Decision> contested(Round round, Known state) {
        return differs(round, state) && state.ledger().driftsSince(round.now().minus(CONTEST)) >= CONTESTED_AFTER
                ? Optional.of(Halted.because(
                                round,
                                state,
                                Reason.CONTESTED,
                                "Someone else keeps changing the weights of "
                                        + round.plan().route().text()
                                        + ": it is left alone. Stop the other writer (a GitOps tool that resets weights"
                                        + " needs an ignore rule), then change the spec, or leave the weights as they"
                                        + " were for 10 minutes.")
                        .confirmed())
                : Optional.empty();
    }

    private static boolean differs(Round round, Known state) {
        var route = round.world().route();
        return !route.rules().isEmpty() && !route.serves(state.split());
    }

    /**
     * Another revision is wanted than the state is about: it begins as soon as nothing stands in its way; until then
     * the weights are guarded.
     */
    static Decision begin(Round round, Known state, String about) {
        return first(
                List.of(
                        () -> contested(round, state),
                        () -> putBack(round, state, about),
                        () -> troubled(round, state)),
                () -> Transitions.begin(round, state));
    }

    /** Right after a foreign change nothing rises. */
    static Optional<Decision> drifting(Round round, Known state) {
        return state.ledger()
                .driftEnds()
                .filter(round.now()::isBefore)
                .map(ends -> Decision.stay(
                                state,
                                Reason.DRIFTED,
                                "Someone else changed the weights; last seen at " + ends.minus(Ledger.DRIFT)
                                        + ". It goes on 10s after the last such change.")
                        .wakingAt(ends));
    }

    /** The gateway has had its time, and does not serve the weights. */
    static Optional<Decision> unprogrammed(Round round, Known state) {
        var why = round.world().route().unprogrammed();
        if (why == null) {
            return Optional.empty();
        }
        var patience = state.ledger().servedBy();
        return Optional.of(
                round.now().isBefore(patience)
                        ? Decision.stay(state, Reason.PROGRESSING, "Waiting for the gateway to take the weights.")
                                .wakingAt(patience)
                        : Decision.stay(
                                state,
                                Reason.ROUTE_NOT_PROGRAMMED,
                                round.plan().route().text() + " is not served as written: " + why
                                        + ". It goes on when its gateway accepts it."));
    }

    /** Writes up, or not at all. */
    static Decision raise(Known next, Reason reason, String message, Move move) {
        return Decision.write(next, reason, message, new Write(next.split(), true), move);
    }
}
