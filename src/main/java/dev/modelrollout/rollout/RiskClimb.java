package dev.modelrollout.rollout;

import dev.modelrollout.analysis.RiskRamp;
import dev.modelrollout.rollout.Findings.Excess;
import dev.modelrollout.rollout.Ladder.Rung;
import dev.modelrollout.rollout.Ladder.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * As fast as the evidence allows. The first rung has no weight of its own: it goes from 1 to 33 % as the bound on what
 * the candidate may fail comes down, and back when that rises. Once every check is safe 60 and 90 % follow: more than a
 * third of the traffic finds little faster, and exposes more.
 *
 * @param risk the share of all requests that may fail beyond what stable fails, with 95 % confidence; above 0, at most 1
 * @param interval between two readings
 */
public record RiskClimb(double risk, Duration interval) implements Climb {

    private static final int START = 1;
    private static final int THIRD = 33;
    private static final double GROWTH = 3;
    /** A smaller change is not worth a write. */
    private static final double WORTH = 1.5;
    /** As many windows as a check is judged on at least. */
    private static final int WINDOWS = 8;

    private RiskRamp ramp() {
        return new RiskRamp(risk, START / 100.0, THIRD / 100.0, GROWTH);
    }

    private Ladder through(int weight) {
        var calm = interval.multipliedBy(WINDOWS);
        return new Ladder(List.of(new Step(weight, Duration.ZERO), new Step(60, calm), new Step(90, calm)));
    }

    @Override
    public int size() {
        return through(THIRD).size();
    }

    @Override
    public Duration hold(Rung rung) {
        return through(THIRD).hold(rung);
    }

    @Override
    public Rung first(int ceiling) {
        return through(START).first(ceiling);
    }

    /** What comes above a third comes after everything is known. */
    @Override
    public int top(int ceiling) {
        return Math.min(THIRD, ceiling);
    }

    @Override
    public Rung next(Rung rung, int ceiling, Findings findings) {
        return rung.number() > 1 || findings.areAllSafe()
                ? through(Math.min(rung.weight(), THIRD)).above(rung, ceiling)
                : findings.excess()
                        .map(excess -> byRisk(rung, ceiling, excess, findings))
                        .orElse(rung);
    }

    private Rung byRisk(Rung rung, int ceiling, Excess excess, Findings findings) {
        var now = rung.weight();
        var allowed = ramp().weight(now / 100.0, excess.share(), findings.harm().progress());
        var weight = Math.max(START, (int) Math.min(allowed * 100, ceiling));
        var isRise = weight >= now * WORTH || (weight > now && weight == Math.min(THIRD, ceiling));
        var isFall = weight * WORTH <= now && excess.windows() >= WINDOWS;
        return isRise || isFall ? new Rung(1, weight, weight) : rung;
    }

    @Override
    public boolean mayFollow(Rung rung, int weight, int ceiling) {
        var byRisk = rung.number() == 1 && weight > rung.weight() && weight <= Math.min(rung.weight() * GROWTH, THIRD);
        return byRisk
                || through(Math.max(START, Math.min(rung.weight(), THIRD))).mayFollow(rung, weight, ceiling);
    }

    @Override
    public Rung notAbove(long part, long total, int ceiling) {
        var share = Math.min(part * 100 / Math.max(1, total), ceiling);
        if (share < 1) {
            return Rung.GROUND;
        }
        return share <= THIRD
                ? new Rung(1, (int) share, (int) share)
                : through(THIRD).notAbove(part, total, ceiling);
    }

    @Override
    public boolean has(Rung rung) {
        return rung.number() == 1
                ? rung.step() >= START && rung.step() <= THIRD && rung.weight() == rung.step()
                : through(THIRD).has(rung);
    }

    /** Above a third too when what was proven got lost, or another way led there; at a third nothing else leads on. */
    @Override
    public boolean needsProof(Rung rung, Rung next) {
        return next.number() > 1 || rung.weight() == THIRD;
    }

    @Override
    public Optional<String> missing(Rung rung, Rung next, Findings findings) {
        return next.weight() > rung.weight()
                ? Optional.empty()
                : findings.excess()
                        .map(excess -> "check " + excess.check() + " needs more requests: up to "
                                + Numbers.percent(excess.share())
                                + " of the candidate's might fail beyond what stable fails, which allows no higher"
                                + " weight at a risk of " + Numbers.percent(risk))
                        .or(() -> Optional.of("a first window"));
    }
}
