package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.rollout.Reason.Standing;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What follows from plan, state and world.
 *
 * @param next the state to store; true once {@code write} has been answered
 * @param message for people: what is, since when, what ends it
 * @param write what the route has to become; null leaves it alone
 * @param move for history and notices; null when nothing moved
 * @param confirm whether this may only be done on a fresh look at route and rollout
 * @param sight what is known of the metrics; null keeps what was known
 * @param wakeAt when to look again although nothing happens; null: only when something does
 * @param wanted what it wants to know next; nothing when idle
 */
public record Decision(
        RolloutState next,
        Reason reason,
        Standing standing,
        String message,
        @Nullable Write write,
        @Nullable Move move,
        boolean confirm,
        @Nullable Sight sight,
        @Nullable Instant wakeAt,
        Wanted wanted) {

    /** A change of the route: upwards it is dropped when anything has changed meanwhile, downwards it is insisted on. */
    public record Write(TrafficSplit split, boolean up) {}

    /** What is known of the metrics: {@code why} is null when every check was answered. */
    public record Sight(boolean asked, @Nullable Blindness why) {

        static final Sight NOT_ASKED = new Sight(false, null);
        static final Sight ANSWERED = new Sight(true, null);
    }

    /** The state is kept or only its numbers change; nothing is written to the route. */
    static Decision stay(RolloutState next, Reason reason, String message) {
        return new Decision(next, reason, reason.standing(), message, null, null, false, null, null, Wanted.NOTHING);
    }

    /** Another state, after the route was made to match it. */
    static Decision write(RolloutState next, Reason reason, String message, Write write, @Nullable Move move) {
        return new Decision(
                next, reason, reason.standing(), message, write, move, write.up(), null, null, Wanted.NOTHING);
    }

    static Decision stay(RolloutState next, Trouble trouble) {
        return stay(next, trouble.reason(), trouble.message());
    }

    Decision because(Reason reason, String message) {
        return new Decision(next, reason, standing, message, write, move, confirm, sight, wakeAt, wanted);
    }

    Decision standing(Standing standing) {
        return new Decision(next, reason, standing, message, write, move, confirm, sight, wakeAt, wanted);
    }

    Decision moving(@Nullable Move move) {
        return new Decision(next, reason, standing, message, write, move, confirm, sight, wakeAt, wanted);
    }

    Decision confirmed() {
        return new Decision(next, reason, standing, message, write, move, true, sight, wakeAt, wanted);
    }

    Decision seeing(@Nullable Sight sight) {
        return new Decision(next, reason, standing, message, write, move, confirm, sight, wakeAt, wanted);
    }

    Decision asking(Wanted wanted) {
        return new Decision(next, reason, standing, message, write, move, confirm, sight, wakeAt, wanted);
    }

    Decision withNext(RolloutState next) {
        return new Decision(next, reason, standing, message, write, move, confirm, sight, wakeAt, wanted);
    }

    /** Looks again at this time at the latest. */
    Decision wakingAt(Instant at) {
        var earliest = wakeAt == null || at.isBefore(wakeAt) ? at : wakeAt;
        return new Decision(next, reason, standing, message, write, move, confirm, sight, earliest, wanted);
    }

    /** Whether something is awaited or asked; else nothing happens until something changes. */
    public boolean isActive() {
        return standing == Standing.RECONCILING || !wanted.questions().isEmpty();
    }

    /** What the route has to become, if it has to change. */
    public Optional<Write> change() {
        return Optional.ofNullable(write);
    }

    /** The same, once the route patch was answered: what moved begins then. */
    public Decision answeredAt(Instant at) {
        return move == null ? this : withNext(next.answeredAt(at));
    }
}
