package dev.modelrollout.metrics;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** One request that somebody wants: it waits in a lane, and is asked for once. */
sealed interface Errand {

    Question question();

    /** The ticks to ask for when its turn comes; none when nobody needs an answer any more. */
    List<Instant> take(Followed followed, Instant now);

    /** Hands the answers over; whether that is news for the followers. */
    default boolean deliver(Followed followed, List<Answer> answers, Instant now) {
        followed.add(answers.get(0), now);
        return true;
    }

    /** It has waited behind one that was asked then and timed out; whether that is news for the followers. */
    default boolean timeOut(Followed followed, Instant asked, Instant now) {
        return false;
    }

    /** The newest tick, whichever that is when the turn comes. */
    record Newest(Question question) implements Errand {

        @Override
        public List<Instant> take(Followed followed, Instant now) {
            return followed.takeNewest(now);
        }

        @Override
        public boolean timeOut(Followed followed, Instant asked, Instant now) {
            return followed.timeOut(Ticks.newest(question, asked), now);
        }
    }

    /** One tick. */
    record Once(Question question, Instant tick) implements Errand {

        @Override
        public List<Instant> take(Followed followed, Instant now) {
            return followed.takeOnce(tick);
        }
    }

    /**
     * A part of the history.
     *
     * @param first of its ticks
     * @param count of its ticks
     */
    record Piece(Question question, Instant first, int count) implements Errand {

        /** Its newest tick. */
        Instant last() {
            return first.plus(question.interval().multipliedBy(count - 1L));
        }

        List<Instant> ticks() {
            return Stream.iterate(first, tick -> tick.plus(question.interval()))
                    .limit(count)
                    .toList();
        }

        @Override
        public List<Instant> take(Followed followed, Instant now) {
            return followed.lacks(this) ? ticks() : List.of();
        }

        @Override
        public boolean deliver(Followed followed, List<Answer> answers, Instant now) {
            return followed.add(this, answers);
        }
    }
}
