package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.rollout.Reason.Standing;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
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
 * @param questions what it wants to know next; empty when idle
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
        Set<Question> questions) {

    /** A change of the route: upwards it is dropped when anything has changed meanwhile, downwards it is insisted on. */
    public record Write(TrafficSplit split, boolean up) {}

    /** What is known of the metrics: {@code why} is null when every check was answered. */
    public record Sight(boolean asked, @Nullable Blindness why) {

        static final Sight NOT_ASKED = new Sight(false, null);
        static final Sight ANSWERED = new Sight(true, null);
    }

    /** The state is kept or only its numbers change; nothing is written to the route. */
    static Decision stay(RolloutState next, Reason reason, String message) {
        return new Decision(next, reason, reason.standing(), message, null, null, false, null, null, Set.of());
    }

    /** Another state, after the route was made to match it. */
    static Decision write(RolloutState next, Reason reason, String message, Write write, @Nullable Move move) {
        return new Decision(next, reason, reason.standing(), message, write, move, write.up(), null, null, Set.of());
    }

    static Decision stay(RolloutState next, Trouble trouble) {
        return stay(next, trouble.reason(), trouble.message());
    }

    Decision because(Reason reason, String message) {
        return new Decision(next, reason, standing, message, write, move, confirm, sight, wakeAt, questions);
    }

    Decision standing(Standing standing) {
        return new Decision(next, reason, standing, message, write, move, confirm, sight, wakeAt, questions);
    }

    Decision moving(@Nullable Move move) {
        return new Decision(next, reason, standing, message, write, move, confirm, sight, wakeAt, questions);
    }

    Decision confirmed() {
        return new Decision(next, reason, standing, message, write, move, true, sight, wakeAt, questions);
    }

    Decision seeing(@Nullable Sight sight) {
        return new Decision(next, reason, standing, message, write, move, confirm, sight, wakeAt, questions);
    }

    Decision asking(Set<Question> questions) {
        return new Decision(next, reason, standing, message, write, move, confirm, sight, wakeAt, questions);
    }

    Decision withNext(RolloutState next) {
        return new Decision(next, reason, standing, message, write, move, confirm, sight, wakeAt, questions);
    }

    /** Looks again at this time at the latest. */
    Decision wakingAt(Instant at) {
        var earliest = wakeAt == null || at.isBefore(wakeAt) ? at : wakeAt;
        return new Decision(next, reason, standing, message, write, move, confirm, sight, earliest, questions);
    }

    /** Whether something is awaited or asked; else nothing happens until something changes. */
    public boolean isActive() {
        return standing == Standing.RECONCILING || !questions.isEmpty();
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
