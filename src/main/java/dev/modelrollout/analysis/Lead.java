package dev.modelrollout.analysis;

import java.util.Optional;

/**
 * By how much the candidate was better than stable at the same times.
 *
 * @param sum stable's badness less the candidate's, each window times its weight
 * @param weight of the windows: the candidate's events, or 1 for a reading
 */
public record Lead(double sum, double weight) {

    /** Nothing compared yet. */
    public static final Lead UNKNOWN = new Lead(0, 0);

    /** With one more window; unchanged when either version had no traffic in it. */
    Lead after(Window window) {
        var candidate = window.candidate();
        var stable = window.stable();
        return candidate.isEmpty() || stable.isEmpty()
                ? this
                : with(candidate.total() * stable.share() - candidate.bad(), candidate.total());
    }

    /** With one more reading of both, higher is worse. */
    Lead after(double candidate, double stable) {
        return with(stable - candidate, 1);
    }

    /** What cannot be added up is left out. */
    private Lead with(double difference, double times) {
        return Double.isFinite(sum + difference) && Double.isFinite(weight + times)
                ? new Lead(sum + difference, weight + times)
                : this;
    }

    /** In the unit of the check; empty before anything was compared. */
    public Optional<Double> difference() {
        return weight > 0 ? Optional.of(sum / weight) : Optional.empty();
    }
}
