package dev.modelrollout.e2e.faults;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** How one rollout goes. Thread-safe. */
final class Course {

    private static final List<Integer> MIDDLES = List.of(5, 25, 50);

    private final Story story;
    private final Hand hand;
    private final Executor hands;
    private final Script script;
    private final int middle;

    private boolean isNoted;
    private int acts;
    private int writes;
    private int share;
    private boolean isBad;
    private @Nullable Look rollout;
    private @Nullable Instant ended;
    private Instant touched = Instant.now();

    /**
     * @param hands do what is done to it
     * @param seed tells when
     */
    Course(Story story, Hand hand, Executor hands, Script script, long seed) {
        this.story = story;
        this.hand = hand;
        this.hands = hands;
        this.script = script;
        middle = MIDDLES.get(new Random(seed).nextInt(MIDDLES.size()));
    }

    Story story() {
        return story;
    }

    Hand hand() {
        return hand;
    }

    /** The next write for it. */
    synchronized Fault write() {
        writes++;
        return script.at(writes);
    }

    /** Whether what the check asks for is bad. */
    synchronized boolean isBad() {
        return isBad;
    }

    synchronized Optional<Instant> ended() {
        return Optional.ofNullable(ended);
    }

    /** When somebody changed something last. */
    synchronized Instant touched() {
        return touched;
    }

    synchronized void sees(Look look) {
        if (look.isRoute()) {
            share = look.share();
        } else {
            rollout = look;
        }
        if (share >= 5 && !isNoted && rollout != null && rollout.told() > 0) {
            isNoted = true;
            act(hand::condition);
        }
        var isMiddle = share >= middle;
        switch (story) {
            case GOOD -> {}
            case BAD -> isBad |= isMiddle;
            case RETURNED -> {
                isBad |= isMiddle;
                next(0, isIn("RolledBack"), () -> hand.target("v1"));
                next(1, isIn("Live"), () -> hand.target("v2"));
            }
            case ABORTED -> next(0, isMiddle, () -> hand.target("v1"));
            case LOWERED -> {
                next(0, share >= 25, () -> hand.ceiling(5));
                next(1, share == 5, () -> hand.ceiling(100));
            }
            case LOST -> {
                next(0, isMiddle, () -> hand.pods(false));
                next(1, share == 0, () -> hand.pods(true));
            }
            case DELETED -> next(0, isMiddle, hand::delete);
        }
        if (ended == null && isOver()) {
            ended = look.at();
        }
    }

    private void next(int number, boolean isTime, Runnable work) {
        if (acts == number && isTime) {
            acts++;
            act(work);
        }
    }

    private void act(Runnable work) {
        touched = Instant.now();
        hands.execute(work);
    }

    private boolean isIn(String phase) {
        return rollout != null
                && rollout.phase().equals(phase)
                && rollout.status().path("observedGeneration").asLong() == rollout.generation();
    }

    private boolean isOver() {
        if (rollout == null || share != (story.server().equals("v2") ? 100 : 0) || acts < due()) {
            return false;
        }
        return story == Story.DELETED
                ? rollout.isDeletion()
                : isIn(story.phase())
                        && rollout.object().at("/metadata/finalizers").isEmpty();
    }

    private int due() {
        return switch (story) {
            case GOOD, BAD -> 0;
            case ABORTED, DELETED -> 1;
            case RETURNED, LOWERED, LOST -> 2;
        };
    }

    @Override
    public synchronized String toString() {
        return "%s in %s, from %d %%, %s, %d writes, %s"
                .formatted(story, hand.namespace(), middle, script.faults(), writes, rollout);
    }
}
