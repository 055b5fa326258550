package dev.modelrollout.analysis;

import java.util.List;
import java.util.Optional;

/**
 * All that tests on counts remember: O(1), plain numbers, restored exactly by its constructor.
 *
 * @param stakes one for each test, in their order
 */
public record CountEvidence(Experience experience, List<Stakes> stakes) {

    public CountEvidence {
        stakes = List.copyOf(stakes);
        if (!isSound(experience, stakes)) {
            throw new IllegalArgumentException("evidence of counts that holds a number which cannot be");
        }
    }

    static Optional<CountEvidence> ifSound(Experience experience, List<Stakes> stakes) {
        return isSound(experience, stakes) ? Optional.of(new CountEvidence(experience, stakes)) : Optional.empty();
    }

    private static boolean isSound(Experience experience, List<Stakes> stakes) {
        return experience.isFinite() && stakes.stream().allMatch(Stakes::isSound);
    }
}
