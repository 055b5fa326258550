package dev.modelrollout.analysis;

/**
 * What the windows so far teach about the next one: how noisy the traffic is, and how bad each version was.
 *
 * @param effective the candidate's counts, each window divided by what its burstiness is worth
 * @param windows in which the candidate had traffic
 */
public record Experience(PairNoise pair, SoloNoise candidate, SoloNoise stable, Counts effective, long windows) {

    private static final double ALPHA = 0.05;

    static Experience of(NoisePrior prior) {
        return new Experience(
                PairNoise.of(prior.pair()), SoloNoise.of(prior.solo()), SoloNoise.of(prior.solo()), Counts.NONE, 0);
    }

    Experience after(Counts candidateWindow, Counts stableWindow) {
        return new Experience(
                pair.after(candidateWindow, stableWindow),
                candidate.after(candidateWindow),
                stable.after(stableWindow),
                effective.plus(candidateWindow.dividedBy(burst(candidateWindow))),
                candidateWindow.isEmpty() ? windows : windows + 1);
    }

    /** The candidate's share of bad events that the windows do not exclude, with 95 % confidence at any time. */
    public Interval candidateShare() {
        var badPerWindow = candidate.seen().bad() / Math.max(windows, 1);
        return Interval.ofShare(candidate.seen().dividedBy(1 + pair.dispersion().phi() * badPerWindow), ALPHA);
    }

    /** The upper end of the candidate's share, with 95 % confidence at any time, less the share that was seen of stable. */
    public double worstExcess() {
        return Interval.ofShare(effective, ALPHA).high() - stable.seen().share();
    }

    /** How many times as bad as stable the candidate is. */
    public RatioEstimate ratio() {
        return RatioEstimate.of(this);
    }

    /** How many bad events of this window are worth one independent one. */
    private double burst(Counts window) {
        return 1 + pair.dispersion().phi() * Math.max(window.bad() - 1, 0);
    }

    /** The same windows with stable in the candidate's place. The pair is not turned: only absolute limits look so. */
    Experience ofStable() {
        return new Experience(pair, /* candidate= */ stable, /* stable= */ candidate, Counts.NONE, windows);
    }

    boolean canAdd(Counts candidateWindow, Counts stableWindow) {
        return candidate.seen().canAdd(candidateWindow)
                && effective.canAdd(candidateWindow)
                && stable.seen().canAdd(stableWindow);
    }

    boolean isFinite() {
        return pair.isFinite()
                && candidate.dispersion().isFinite()
                && stable.dispersion().isFinite();
    }
}
