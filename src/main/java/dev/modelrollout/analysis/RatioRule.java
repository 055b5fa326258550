package dev.modelrollout.analysis;

import org.jspecify.annotations.Nullable;

/**
 * The adaptive ramp: a step up when the candidate is better than stable by more than a threshold, else a step down.
 *
 * @param threshold in shares of 1, or in the unit of what is compared; negative: not worse by more than this
 * @param step percent, at least 1
 * @param ceiling percent, 0..100
 */
public record RatioRule(double threshold, int step, int ceiling) {

    public RatioRule {
        if (!Double.isFinite(threshold) || step < 1 || ceiling < 0 || ceiling > 100) {
            throw new IllegalArgumentException(
                    "no rule: threshold " + threshold + ", step " + step + ", ceiling " + ceiling);
        }
    }

    /**
     * The next weight in percent.
     *
     * @param difference stable's badness minus the candidate's; null when it is not known: the weight is held
     */
    public int next(int weight, @Nullable Double difference) {
        if (difference == null) {
            return weight;
        }
        var moved = difference > threshold ? weight + step : weight - step;
        return Math.min(Math.max(moved, 0), ceiling);
    }
}
