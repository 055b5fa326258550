package dev.modelrollout.rollout;

import dev.modelrollout.analysis.RatioRule;
import dev.modelrollout.rollout.Ladder.Rung;
import java.time.Duration;
import java.util.Optional;

/**
 * A step up when the candidate is better than stable by more than a threshold, else a step down. It follows one check
 * and proves nothing: what it promotes was better or not much worse on average, no more.
 *
 * @param by name of the check that it follows
 * @param every how long a weight is measured before it changes
 * @param step percent, 1..99
 * @param threshold in the unit of the check; negative: not worse by more than this
 */
public record AdaptiveClimb(String by, Duration every, int step, double threshold) implements Climb {

    @Override
    public Optional<String> follows() {
        return Optional.of(by);
    }

    @Override
    public int size() {
        return 2;
    }

    @Override
    public Duration hold(Rung rung) {
        return rung.number() == 1 ? every : Duration.ZERO;
    }

    @Override
    public Rung first(int ceiling) {
        return rung(Math.min(step, ceiling));
    }

    @Override
    public int top(int ceiling) {
        return Math.min(step, ceiling);
    }

    @Override
    public Rung next(Rung rung, int ceiling, Findings findings) {
        var difference = findings.lead(by).orElse(null);
        return rung(new RatioRule(threshold, step, ceiling).next(rung.weight(), difference));
    }

    private static Rung rung(int weight) {
        if (weight == 0) {
            return Rung.GROUND;
        }
        return new Rung(weight == 100 ? 2 : 1, weight, weight);
    }

    @Override
    public boolean mayFollow(Rung rung, int weight, int ceiling) {
        return weight > rung.weight() && weight == Math.min(rung.weight() + step, ceiling);
    }

    @Override
    public Rung notAbove(long part, long total, int ceiling) {
        return rung((int) Math.min(Math.min(part * 100 / Math.max(1, total), ceiling), 99));
    }

    @Override
    public boolean has(Rung rung) {
        return rung.equals(rung(rung.weight()));
    }

    @Override
    public boolean needsProof(Rung rung, Rung next) {
        return false;
    }

    @Override
    public String support(Findings findings, String candidate, String stable) {
        return findings.lead(by)
                .map(difference -> "by " + by + " the difference to " + stable + " at this weight is "
                        + findings.inUnitOf(by, difference) + ", threshold " + findings.inUnitOf(by, threshold) + "; "
                        + findings.support(candidate, stable))
                .orElseGet(() -> findings.support(candidate, stable));
    }

    @Override
    public Optional<String> missing(Rung rung, Rung next, Findings findings) {
        return findings.lead(by).isPresent()
                ? Optional.empty()
                : Optional.of("check " + by + " needs both versions compared at this weight");
    }
}
