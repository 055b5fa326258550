package dev.modelrollout.analysis;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The beginner's check: one number per version and tick, harmful after some readings in a row beyond a limit, safe
 * after as many within all of them. A missing reading neither counts nor ends the row. No error guarantee.
 *
 * @param failures readings in a row that decide, 1..10
 */
public record PlainCheck(Limits limits, int failures) {

    /**
     * The evidence with one more reading; a reading that is not newer than the evidence changes nothing.
     *
     * @param judgedFrom readings before it count for harm, but not for safety
     */
    public Evidence fold(Evidence before, Reading reading, Instant judgedFrom) {
        return fold(before, reading, judgedFrom, limits.comparesWithStable());
    }

    /** The same, blind without stable if it is needed. */
    Evidence fold(Evidence before, Reading reading, Instant judgedFrom, boolean needsStable) {
        if (!reading.tick().isAfter(before.last())) {
            return before;
        }
        var candidate = reading.candidate().number().orElse(null);
        var stable = reading.stable().number().orElse(null);
        var difference = candidate == null || stable == null ? null : (Double) (candidate - stable);
        var differs = excludes(limits.difference(), difference);
        var over = differs || excludes(limits.value(), candidate);
        var blind = over ? null : blindness(reading, needsStable);
        var newest = new Evidence(
                before.beyond(),
                before.shared(),
                before.within(),
                reading.tick(),
                blind,
                candidate == null ? before.candidate() : candidate,
                stable == null ? before.stable() : stable);
        if (blind != null) {
            return newest;
        }
        if (over) {
            return counted(newest, before.beyond() + 1, shared(before, stable, differs), 0);
        }
        return counted(newest, 0, 0, reading.tick().isBefore(judgedFrom) ? 0 : before.within() + 1);
    }

    /** What this evidence says. */
    public Verdict verdict(Evidence evidence) {
        if (evidence.beyond() >= failures) {
            return new Verdict.Harmful(evidence.shared() >= failures);
        }
        var blind = evidence.blind();
        if (blind != null) {
            return new Verdict.Blind(blind);
        }
        var missing = failures - evidence.within();
        return missing <= 0
                ? new Verdict.Safe()
                : new Verdict.Undecided(
                        missing + (missing == 1 ? " reading" : " readings in a row") + " within limits");
    }

    private int shared(Evidence before, @Nullable Double stable, boolean differs) {
        if (differs) {
            return 0;
        }
        if (stable == null) {
            return before.shared();
        }
        return limits.value().excludes(stable) ? before.shared() + 1 : 0;
    }

    private static @Nullable Blindness blindness(Reading reading, boolean needsStable) {
        var own = reading.candidate().whyNoNumber();
        return (needsStable ? own.or(reading.stable()::whyNoNumber) : own).orElse(null);
    }

    private static Evidence counted(Evidence e, int beyond, int shared, int within) {
        return new Evidence(beyond, shared, within, e.last(), e.blind(), e.candidate(), e.stable());
    }

    private static boolean excludes(Limits.Range range, @Nullable Double x) {
        return x != null && range.excludes(x);
    }
}
