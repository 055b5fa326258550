package dev.modelrollout.analysis;

import java.util.List;
import java.util.Optional;

/**
 * All that tests of scores remember: O(1), plain numbers, restored exactly by its constructor.
 *
 * @param stakes one for each test, in their order
 */
public record MeanEvidence(ScoreHistory history, List<Stakes> stakes) {

    public MeanEvidence {
        stakes = List.copyOf(stakes);
        if (!isSound(stakes)) {
            throw new IllegalArgumentException("evidence of scores that holds a number which cannot be");
        }
    }

    static Optional<MeanEvidence> ifSound(ScoreHistory history, List<Stakes> stakes) {
        return isSound(stakes) ? Optional.of(new MeanEvidence(history, stakes)) : Optional.empty();
    }

    private static boolean isSound(List<Stakes> stakes) {
        return stakes.stream().allMatch(Stakes::isSound);
    }
}
