package dev.modelrollout.rollout;

import dev.modelrollout.rollout.Decision.Write;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Move.Action;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ways from one state to another that several states share. All of them lead down, or stay. */
final class Transitions {

    private Transitions() {}

    /** Makes the route show {@code next}, which gives the candidate less; nobody can take the traffic: halts. */
    static Decision lower(Round round, Known from, Known next, Reason reason, String message, Move move) {
        var world = round.world();
        if (world.route().rules().isEmpty()) {
            return Decision.stay(from, world.anyTrouble().orElse(unmanaged(round)));
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
        return Halted.because(
                round,
                from,
                Reason.STABLE_UNAVAILABLE,
                "Stable " + stable + " has no ready endpoint: the weights stay as they are until it has one. To give up"
                        + " on it, delete the ModelRollout, set the route by hand and create it again.");
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
    static Decision abort(Round round, Known from, Ledger ledger, Candidate candidate) {
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

    /** What the plan wants now, from the beginning, while live serves; barred revisions stay barred. */
    static Decision begin(Round round, Known from, Ledger ledger) {
        var wanted = round.newCandidate();
        if (wanted.isEmpty()) {
            return Decision.stay(from, round.world().anyTrouble().orElse(unmanaged(round)));
        }
        var candidate = wanted.get();
        for (var tombstone : ledger.tombstones()) {
            if (tombstone.revision().equals(candidate.revision())) {
                return new RolledBack(ledger, candidate, tombstone).decide(round);
            }
        }
        var move = new Move(
                round.now(),
                Action.START,
                Reason.PROGRESSING.text(),
                ledger.live(),
                candidate.version(),
                0,
                "revision " + candidate.revision().id());
        var started = new Waiting(ledger.with(move), candidate, round.now()).decide(round);
        return started.change().isPresent() ? started : started.moving(move);
    }

    /** The revision under traffic is not wanted any more: it loses its traffic, then the wanted one begins. */
    static Decision replace(Round round, Known from, Ledger ledger, Candidate old) {
        var what = "the target is now " + round.plan().target() + " in another revision than the one that had traffic";
        var move =
                new Move(round.now(), Action.LOWER, Reason.PROGRESSING.text(), ledger.live(), old.version(), 0, what);
        var next = round.newCandidate()
                .<Known>map(candidate -> new Waiting(ledger.with(move), candidate, round.now()))
                .orElse(from);
        return next.equals(from)
                ? Decision.stay(from, round.world().anyTrouble().orElse(unmanaged(round)))
                : lower(round, from, next, Reason.PROGRESSING, "Waiting: " + what + ".", move);
    }

    /** Stands on a rung that is not above what the route shows, and holds it anew. */
    static Decision settle(
            Round round, Ledger ledger, Candidate candidate, Rung rung, Map<String, Measured> evidence, Reason reason) {
        var what = "the route was read as it stands: " + candidate.version() + " goes on from " + rung.weight() + " %";
        var move = new Move(
                round.now(), Action.LOWER, reason.text(), ledger.live(), candidate.version(), rung.weight(), what);
        var next = rung.number() == 0
                ? new Waiting(ledger.with(move), candidate, round.now())
                : Progressing.entered(round, ledger.with(move), candidate, rung, evidence);
        return lower(round, next, next, reason, "Holding anew: " + what + ".", move);
    }

    /** A rise of ours that a crash cut short, and that is not due any more: nobody's drift, no step lost. */
    static Decision undo(Known state) {
        return Decision.lower(state, "A rise that was cut short is taken back until it is due again.")
                .confirmed();
    }

    private static Trouble unmanaged(Round round) {
        return new Trouble(Reason.ROUTE_MISSING, round.plan().route().text() + " cannot be read.");
    }
}
