package dev.modelrollout.analysis;

import java.util.List;

/**
 * All that the bets on a gauge remember: O(1), a value.
 *
 * @param stakes one for each bet, in their order
 * @param judged readings of both versions after the warm-up
 * @param safe whether it was safe once; that stays
 */
public record SignEvidence(List<Stakes> stakes, int judged, boolean safe) {

    /** Of a gauge that no limit compares with stable's. */
    public static final SignEvidence NONE = new SignEvidence(List.of(), 0, false);

    public SignEvidence {
        stakes = List.copyOf(stakes);
        if (!stakes.stream().allMatch(Stakes::isSound)) {
            throw new IllegalArgumentException("evidence of a gauge that holds a number which cannot be");
        }
    }
}
