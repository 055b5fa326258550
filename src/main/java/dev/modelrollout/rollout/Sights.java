package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one check on one rung.
 *
 * @param looks by tick, oldest first, one for each tick at which every question was answered for both versions
 * @param lost the newest tick after all of these at which there can be no look any more; null when there is none
 * @param history stable's answers before the rollout, one list for each tick, oldest first; empty when not known
 * @param since when the rung was entered, and with it the check if it is new
 * @param warmFrom when the warm-up of the rung is over
 * @param judgedFrom readings before it count for harm, but prove no safety
 * @param isLowestRung whether no rung of this way has a lower weight
 * @param candidatePods ready ones
 * @param stablePods ready ones
 * @param share the candidate's by the route since {@code judgedFrom}, at most 0.99; 0 when the route shares its traffic otherwise
 */
public record Sights(
        List<Look> looks,
        @Nullable Lost lost,
        List<List<Answer>> history,
        Instant since,
        Instant warmFrom,
        Instant judgedFrom,
        boolean isLowestRung,
        double share,
        int candidatePods,
        int stablePods,
        Duration interval,
        Instant now) {

    /** The answers to all questions of a check at one tick, in the order of its queries. */
    public record Look(Instant tick, List<Answer> candidate, List<Answer> stable) {}

    /** A tick without a look, and why there is none. */
    public record Lost(Instant tick, Blindness why) {}

    public Sights {
        looks = List.copyOf(looks);
        history = List.copyOf(history);
    }
}
