package dev.modelrollout.rollout;

import dev.modelrollout.rollout.Decision.Write;
import dev.modelrollout.rollout.Move.Action;
import org.jspecify.annotations.Nullable;

/** The ways from one state to another that several states share. All of them lead down, or stay. */
final class Transitions {

    private Transitions() {}

    /** Makes the route show {@code next}, which gives the candidate less; nobody can take the traffic: halts. */
    static Decision lower(Round round, Known from, Known next, Reason reason, String message, @Nullable Move move) {
        var world = round.world();
        if (world.route().rules().isEmpty()) {
            return Decision.stay(from, obstacle(round));
        }
        if (world.route().serves(next.split())) {
            return Decision.stay(next, reason, message).moving(move);
        }
        return world.isReachable(next.split().stable())
                ? Decision.write(next, reason, message, new Write(next.split(), false), move)
                : stableGone(round, from, next.split().stable());
    }

    /** Nothing can be decided while nobody but the candidate could serve. */
    static Decision stableGone(Round round, Known from, String stable) {
        return Halted.because(round, from, Reason.STABLE_UNAVAILABLE, nobodyServes(stable));
    }

    static String nobodyServes(String stable) {
        return "Stable " + stable + " has no ready endpoint: the weights stay as they are until it has one. To give up"
                + " on it, delete the ModelRollout, set the route by hand and create it again.";
    }

    /** Everything back to live, and this revision barred. */
    static Decision rollBack(Round round, Progressing from, Reason reason, @Nullable String check, String what) {
        var candidate = from.candidate();
        var message = "Rolled back at " + from.rung().weight() + " %: " + what
                + ". To try again: raise spec.attempt to " + (round.plan().attempt() + 1) + ".";
        var tombstone = new Tombstone(candidate.revision(), candidate.version(), reason, check, message, round.now());
        var move = new Move(
                round.now(), Action.ROLL_BACK, reason.text(), from.ledger().live(), candidate.version(), 0, what);
        var next = new RolledBack(from.ledger().with(tombstone).with(move), candidate, tombstone);
        return lower(round, from, next, reason, message, move).standing(Reason.Standing.STALLED);
    }

    /** The target is live again: whatever the candidate had goes back. */
    static Decision abort(Round round, Known from, Candidate candidate) {
        var ledger = from.ledger();
        var move = new Move(
                round.now(),
                Action.ABORT,
                "Aborted",
                ledger.live(),
                candidate.version(),
                0,
                "spec.target is " + ledger.live() + " again");
        return lower(round, from, new Live(ledger.with(move)), Reason.LIVE, Live.message(ledger.live()), move);
    }

    /**
     * What the plan wants now, from the beginning, while live serves; barred revisions stay barred. No weight yet: a rise
     * that a crash cuts short is known for ours only by who waits for it.
     */
    static Decision begin(Round round, Known from) {
        var ledger = from.ledger();
        var wanted = round.newCandidate();
        if (wanted.isEmpty()) {
            return Decision.stay(from, obstacle(round));
        }
        var candidate = wanted.get();
        var barred = ledger.tombstone(candidate.revision());
        if (barred.isPresent()) {
            return new RolledBack(ledger, candidate, barred.get()).decide(round);
        }
        var move = new Move(
                round.now(),
                Action.START,
                Reason.PROGRESSING.text(),
                ledger.live(),
                candidate.version(),
                0,
                "revision " + candidate.revision().id());
        var waiting = new Waiting(ledger.with(move), candidate, round.now());
        var decided = waiting.decide(round);
        var begun = decided.change().isPresent()
                ? Decision.stay(waiting, Reason.PROGRESSING, "Starting: nothing stands in the way.")
                        .wakingAt(round.now())
                : decided;
        return begun.moving(move);
    }

    /** The revision under traffic is not wanted any more: it loses its traffic before anything else begins. */
    static Decision replace(Round round, Progressing from) {
        var ledger = from.ledger();
        var old = from.candidate().version();
        var what = "the target is now " + round.plan().target() + " in another revision than the one that had traffic";
        var move = new Move(round.now(), Action.LOWER, Reason.PROGRESSING.text(), ledger.live(), old, 0, what);
        var left = ledger.with(move);
        var wanted = round.newCandidate();
        Known begun = wanted.isEmpty() ? new Live(left) : new Waiting(left, wanted.get(), round.now());
        return wanted.flatMap(candidate ->
                        left.tombstone(candidate.revision()).map(barred -> new RolledBack(left, candidate, barred)))
                .map(barred -> lower(
                                round,
                                from,
                                barred,
                                barred.tombstone().reason(),
                                barred.tombstone().message(),
                                move)
                        .standing(Reason.Standing.STALLED))
                .orElseGet(() -> lower(round, from, begun, Reason.PROGRESSING, "Waiting: " + what + ".", move));
    }

    /** A rise of ours that a crash cut short, and that is not due any more: nobody's drift, no step lost. */
    static Decision undo(Round round, Known state) {
        var message = "A rise that was cut short is taken back until it is due again.";
        return lower(round, state, state, Reason.PROGRESSING, message, null).confirmed();
    }

    /** Why nothing can be written or begun. */
    static Trouble obstacle(Round round) {
        return round.world()
                .anyTrouble()
                .orElseGet(() -> new Trouble(
                        Reason.ROUTE_MISSING, round.plan().route().text() + " or a Deployment cannot be read."));
    }
}
