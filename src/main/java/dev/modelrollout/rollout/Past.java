package dev.modelrollout.rollout;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Counts;
import dev.modelrollout.analysis.Halves;
import dev.modelrollout.analysis.NoisePrior;
import dev.modelrollout.analysis.RawCounters;
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

    /** What happens in a window on average; empty when there is none. */
    Optional<Counts> usual() {
        var windows =
                windows(RawCounters::until).stream().map(check.counters()::bad).toList();
        var bad = windows.stream().mapToDouble(Counts::bad).average();
        var total = windows.stream().mapToDouble(Counts::total).average();
        return bad.isPresent() && total.isPresent()
                ? Counts.cut(bad.getAsDouble(), total.getAsDouble())
                : Optional.empty();
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
