package dev.modelrollout.rollout;

import java.time.Instant;

/**
 * One entry of the history, and one notice.
 *
 * @param reason a {@link Reason}'s text, or Promoted or Aborted
 * @param from the live version at that time
 * @param to the version that the move is about
 * @param weight its weight after the move, percent
 * @param evidence for people: on what it rests
 */
public record Move(Instant at, Action action, String reason, String from, String to, int weight, String evidence) {

    /** What was done. */
    public enum Action {
        START("Start"),
        RAISE("Raise"),
        LOWER("Lower"),
        PROMOTE("Promote"),
        ROLL_BACK("RollBack"),
        ABORT("Abort"),
        HOLD("Hold");

        private final String text;

        Action(String text) {
            this.text = text;
        }

        /** The name on the wire. */
        public String text() {
            return text;
        }

        /**
         * The action with this {@link #text()}.
         *
         * @throws IllegalArgumentException when there is none
         */
        public static Action of(String text) {
            for (var action : values()) {
                if (action.text.equals(text)) {
                    return action;
                }
            }
            throw new IllegalArgumentException("unknown action " + text);
        }
    }
}
