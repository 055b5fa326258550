package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Forecast.Supposed;
import dev.modelrollout.analysis.Halves;
import dev.modelrollout.analysis.NoisePrior;
import dev.modelrollout.analysis.RawCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * What stable's counters before a rollout tell.
 *
 * @param history one list of answers for each tick, oldest first; empty when not known
 */
record Past(CountsCheck check, List<List<Answer>> history) {

    /** How noisy it is; empty when it tells too little. */
    Optional<NoisePrior> noise() {
        return NoisePrior.fromHistory(windows(RawCounters::halvesUntil).stream()
                .map(its -> new Halves(
                        check.counters().bad(its.one()), check.counters().bad(its.other())))
                .toList());
    }

    /**
     * A window like those, if the candidate gets this share of the events; empty when there is none.
     *
     * @param length of a window
     */
    Optional<Supposed> split(Duration length, double share) {
        var windows = windows(RawCounters::until);
        var all = windows.stream().map(check.counters()::bad).reduce(Counts.NONE, Past::plus);
        return windows.isEmpty() ? Optional.empty() : Optional.of(Supposed.split(all, windows.size(), length, share));
    }

    /** What is too much for a number is left out. */
    private static Counts plus(Counts sum, Counts counts) {
        return sum.canAdd(counts) ? sum.plus(counts) : sum;
    }

    private <T> List<T> windows(BiFunction<RawCounters, RawCounters, Optional<T>> between) {
        var windows = new ArrayList<T>();
        Optional<RawCounters> left = Optional.empty();
        for (var answers : history) {
            var right = Optional.ofNullable(check.counters().observe(answers).counters());
            left.flatMap(before -> right.flatMap(after -> between.apply(before, after)))
                    .ifPresent(windows::add);
            left = right;
        }
        return windows;
    }
}
