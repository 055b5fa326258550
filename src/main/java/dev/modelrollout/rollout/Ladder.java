package dev.modelrollout.rollout;

import dev.modelrollout.rollout.Findings.Excess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Steps that the user has named. Rungs count from 1; the last one, 100, is implied; 0 stands for no traffic.
 *
 * @param steps weights strictly rising, 1..99
 */
public record Ladder(List<Step> steps) implements Climb {

    /** The share of all requests that a rise may risk. */
    private static final double RISK = 0.01;

    /** A weight in percent, and the least time at it. */
    public record Step(int weight, Duration hold) {}

    /** A rung under a ceiling: which one, its step's weight in percent, and what the ceiling leaves of that. */
    public record Rung(int number, int step, int weight) {

        /** Before the first. */
        public static final Rung GROUND = new Rung(0, 0, 0);
    }

    public Ladder {
        steps = List.copyOf(steps);
    }

    @Override
    public int size() {
        return steps.size() + 1;
    }

    @Override
    public Duration hold(Rung rung) {
        return rung.number() == 0 || rung.number() > steps.size()
                ? Duration.ZERO
                : steps.get(rung.number() - 1).hold();
    }

    /**
     * The rung after this one, or the rest of this one that a ceiling had cut off; the same rung when the ceiling
     * allows no more.
     */
    public Rung above(Rung rung, int ceiling) {
        var cut = rung.number() > 0 && rung.weight() < weight(rung.number());
        var number = cut ? rung.number() : Math.min(rung.number() + 1, size());
        var weight = Math.min(weight(number), ceiling);
        return weight <= rung.weight() ? rung : new Rung(number, weight(number), weight);
    }

    @Override
    public Rung first(int ceiling) {
        return above(Rung.GROUND, ceiling);
    }

    @Override
    public int top(int ceiling) {
        return Math.min(steps.isEmpty() ? 99 : steps.get(steps.size() - 1).weight(), ceiling);
    }

    @Override
    public Rung next(Rung rung, int ceiling, Findings findings) {
        return above(rung, ceiling);
    }

    @Override
    public boolean mayFollow(Rung rung, int weight, int ceiling) {
        return weight > rung.weight() && above(rung, ceiling).weight() == weight;
    }

    /** With 95 % confidence, the share of all requests that would fail beyond what stable fails is small. */
    @Override
    public Optional<String> missing(Rung rung, Rung next, Findings findings) {
        return findings.excess()
                .filter(excess -> risk(excess, next) > RISK)
                .map(excess -> "check " + excess.check() + " needs more requests: at " + next.weight() + " % up to "
                        + Numbers.percent(risk(excess, next))
                        + " of all requests might fail beyond what stable fails, " + Numbers.percent(RISK)
                        + " is allowed");
    }

    @Override
    public Rung notAbove(long part, long total, int ceiling) {
        var best = Rung.GROUND;
        for (var next = above(best, ceiling); !next.equals(best); next = above(best, ceiling)) {
            if (next.weight() == 100 || part * 100 < next.weight() * Math.max(1, total)) {
                return best;
            }
            best = next;
        }
        return best;
    }

    @Override
    public boolean has(Rung rung) {
        return rung.number() >= 1
                && rung.number() <= size()
                && rung.step() == weight(rung.number())
                && rung.weight() > weight(rung.number() - 1);
    }

    private static double risk(Excess excess, Rung next) {
        return excess.share() * next.weight() / 100;
    }

    private int weight(int number) {
        if (number == 0) {
            return 0;
        }
        return number > steps.size() ? 100 : steps.get(number - 1).weight();
    }
}
