package dev.modelrollout.rollout;

import java.time.Duration;
import java.util.List;

/**
 * The steps of a rollout. Rungs count from 1; the last one, 100, is implied; 0 stands for no traffic.
 *
 * @param steps weights strictly rising, 1..99
 */
public record Ladder(List<Step> steps) {

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

    /** How many rungs there are, with the implied one; at least 1. */
    public int size() {
        return steps.size() + 1;
    }

    /** The least time on this rung; none on the ground. */
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

    /** The highest rung under the ceiling whose weight is not above a share of {@code part} of {@code total}. */
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

    /** Whether this rung is one of ours, whole or cut by a ceiling. */
    public boolean has(Rung rung) {
        return rung.number() >= 1 && rung.number() <= size() && rung.step() == weight(rung.number());
    }

    private int weight(int number) {
        if (number == 0) {
            return 0;
        }
        return number > steps.size() ? 100 : steps.get(number - 1).weight();
    }
}
