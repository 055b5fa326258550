package dev.modelrollout.analysis;

import java.util.List;

/**
 * All that a comparison of a gauge with stable's remembers: O(1), a value.
 *
 * @param stakes one for each bet, in their order
 * @param judged readings of both versions after the warm-up
 * @param safe whether it was safe once; that stays
 * @param lead in the readings of this weight, after the warm-up
 */
public record SignEvidence(List<Stakes> stakes, int judged, boolean safe, Lead lead) {

    /** Of a gauge that no limit compares with stable's. */
    public static final SignEvidence NONE = new SignEvidence(List.of(), 0, false, Lead.UNKNOWN);

    public SignEvidence {
        stakes = List.copyOf(stakes);
        if (!stakes.stream().allMatch(Stakes::isSound)) {
            throw new IllegalArgumentException("evidence of a gauge that holds a number which cannot be");
        }
    }

    /** The same evidence at another weight. */
    SignEvidence atNewWeight() {
        return new SignEvidence(stakes, judged, safe, Lead.UNKNOWN);
    }
}
