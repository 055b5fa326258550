package dev.modelrollout.bench.decisions;

import dev.modelrollout.analysis.CountLimit.WorseThanStable;
import dev.modelrollout.analysis.Window;
import dev.modelrollout.bench.decisions.Judge.Before;
import dev.modelrollout.rollout.AdaptiveClimb;
import dev.modelrollout.rollout.Counted;
import dev.modelrollout.rollout.Ladder.Step;
import dev.modelrollout.rollout.RiskClimb;
import java.time.Duration;
import java.util.List;

/**
 * This operator: windows come to it as counters at two ticks, and what it decides is done. One check with one limit: not
 * worse than stable by more than a tolerance. The only place where this package meets what it measures.
 */
final class Ours implements Judge, Pilot {

    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final Counted rollout;

    private Ours(Before before, Counted rollout) {
        this.rollout = rollout.history(before.past()).tick(0, 0, 0, 0);
    }

    /**
     * One that stays at the weight of the beginning.
     *
     * @param rho how many times as bad as stable may be, at least 1
     */
    static Ours holding(double rho, Before before) {
        var step = new Step((int) Math.round(100 * before.share()), FOR_EVER);
        return new Ours(before, tolerating(rho).steps(List.of(step)));
    }

    /** One that climbs the steps that are its default where nothing is counted. */
    static Ours climbing(double rho, Before before) {
        return new Ours(before, tolerating(rho).warmup(LadderPilot.WARMUP).steps(LadderPilot.STEPS));
    }

    /** One whose weight follows the evidence, which is its default where failures are counted. */
    static Ours ramping(double rho, Before before) {
        return new Ours(
                before, tolerating(rho).warmup(LadderPilot.WARMUP).climb(new RiskClimb(0.01, Service.INTERVAL)));
    }

    /** One that takes a step up each five minutes while it is not worse by more than 0.2 points, else a step down. */
    static Ours adapting(double rho, Before before) {
        return new Ours(
                before,
                tolerating(rho)
                        .warmup(LadderPilot.WARMUP)
                        .climb(new AdaptiveClimb("errors", Duration.ofMinutes(5), 10, -0.002)));
    }

    private static Counted tolerating(double rho) {
        return Counted.with(new WorseThanStable(rho - 1));
    }

    @Override
    public int weight() {
        return rollout.weight();
    }

    @Override
    public void see(Window window) {
        var candidate = window.candidate();
        var stable = window.stable();
        rollout.tick(candidate.bad(), candidate.total(), stable.bad(), stable.total());
    }

    @Override
    public boolean rollsBackAfter(Window window) {
        see(window);
        return weight() == 0;
    }

    /** Whether safety was proven. */
    boolean isSafe() {
        return rollout.verdict().equals("Safe");
    }
}
