package dev.modelrollout.rollout;

import static java.util.Objects.requireNonNull;

import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.NoisePrior;
import dev.modelrollout.analysis.RawCounters;
import dev.modelrollout.analysis.SequentialEvidence;
import dev.modelrollout.analysis.Window;
import dev.modelrollout.analysis.Window.Squares;
import dev.modelrollout.rollout.EventCounters.Happened;
import dev.modelrollout.rollout.Sights.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** From counters at ticks to windows between them, each taken in once. */
record Windows(CountsCheck check, Sights seen) {

    /** A window that is longer compares traffic of two different times. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /** Both versions' counters at one tick. */
    private record Sound(Instant tick, RawCounters candidate, RawCounters stable) {

        boolean isOne() {
            return !candidate.instances().isEmpty() && candidate.equals(stable);
        }
    }

    /** The same, or why there are none to compare. */
    private record Observed(Instant tick, Observation candidate, Observation stable) {

        Optional<Blindness> trouble() {
            return CountsCheck.unfit(candidate, true).or(() -> CountsCheck.unfit(stable, false));
        }

        /** Without trouble. */
        Sound sound() {
            return new Sound(tick, requireNonNull(candidate.counters()), requireNonNull(stable.counters()));
        }
    }

    /** Before the first window. */
    SequentialEvidence start() {
        return check.rule().start(seen.since(), NoisePrior.CAUTIOUS);
    }

    /** What the history tells may come up to the first window, and is worked out only then. */
    private SequentialEvidence informed(SequentialEvidence before) {
        return before.newest() == null
                ? new Past(check, seen.history())
                        .noise()
                        .map(prior -> check.rule().start(before.last(), prior))
                        .orElse(before)
                : before;
    }

    /** The evidence with every window that has ended since; blind when the newest tick tells nothing. */
    SequentialEvidence folded(SequentialEvidence before) {
        var evidence = looked(before);
        var lost = seen.lost();
        return lost == null || isCold(lost.tick()) ? evidence : evidence.blind(lost.why());
    }

    private SequentialEvidence looked(SequentialEvidence before) {
        var evidence = before;
        @Nullable Sound left = null;
        for (var look : seen.looks()) {
            if (look.tick().isBefore(evidence.last()) || isCold(look.tick())) {
                continue;
            }
            var observed = observed(look);
            var trouble = trouble(observed);
            if (trouble.isPresent()) {
                evidence = look.tick().isAfter(before.last()) ? evidence.blind(trouble.get()) : evidence;
                continue;
            }
            var right = observed.sound();
            if (left == null && isAwaiting(evidence, right.tick())) {
                return evidence;
            }
            evidence = left == null || isTooLong(left, right)
                    ? evidence.goingOnFrom(right.tick())
                    : taken(evidence, left, right);
            left = right;
        }
        return evidence;
    }

    /** Cold caches are no regression. */
    private boolean isCold(Instant tick) {
        return seen.isLowestRung() && check.counters().startsCold() && tick.isBefore(seen.warmFrom());
    }

    /** Whether the left end of the next window, which was seen before a restart, is still to be answered. */
    private boolean isAwaiting(SequentialEvidence evidence, Instant tick) {
        return evidence.newest() != null
                && tick.isAfter(evidence.last())
                && seen.now().isBefore(evidence.last().plus(longest(seen.interval())))
                && seen.looks().stream().noneMatch(look -> look.tick().equals(evidence.last()));
    }

    private boolean isTooLong(Sound left, Sound right) {
        return Duration.between(left.tick(), right.tick()).compareTo(longest(seen.interval())) > 0;
    }

    /** How long a window may be with such an interval. */
    static Duration longest(Duration interval) {
        var two = interval.multipliedBy(2);
        return two.compareTo(LONGEST) > 0 ? two : LONGEST;
    }

    private SequentialEvidence taken(SequentialEvidence before, Sound left, Sound right) {
        if (fell(left.candidate(), right.candidate()) || fell(left.stable(), right.stable())) {
            return before.goingOnFrom(right.tick().plus(seen.interval()));
        }
        var candidate = check.counters().happened(left.candidate(), right.candidate());
        var stable = check.counters().happened(left.stable(), right.stable());
        return candidate.isEmpty() || stable.isEmpty()
                ? before.blind(Blindness.OUT_OF_DOMAIN).goingOnFrom(right.tick())
                : check.rule()
                        .fold(
                                informed(before),
                                window(left.tick(), right.tick(), candidate.get(), stable.get()),
                                isDue(left, right) ? seen.share() : 0,
                                seen.judgedFrom());
    }

    private static Window window(Instant from, Instant to, Happened candidate, Happened stable) {
        var squares = candidate.squares() == null || stable.squares() == null
                ? null
                : new Squares(candidate.squares(), stable.squares());
        return new Window(from, to, candidate.counts(), stable.counts(), squares);
    }

    /**
     * Whether the candidate's counts show its share. They do not before the gateway served it, nor when one of its
     * instances was not seen at the left end: what that did is in no window, as after a scrape that failed.
     */
    private boolean isDue(Sound left, Sound right) {
        var before = left.candidate().instances().keySet();
        return !left.tick().isBefore(seen.judgedFrom())
                && before.containsAll(right.candidate().instances().keySet());
    }

    /** A sum over instances that fell lost some: neither this window nor the one in which it comes back is known. */
    private static boolean fell(RawCounters left, RawCounters right) {
        var before = left.instances().get(EventCounters.ANONYMOUS);
        var after = right.instances().get(EventCounters.ANONYMOUS);
        return before != null
                && after != null
                && (fell(before.bad(), after.bad())
                        || fell(before.total(), after.total())
                        || fell(before.squares(), after.squares()));
    }

    private static boolean fell(@Nullable Double before, @Nullable Double after) {
        return before != null && after != null && after < before;
    }

    private Observed observed(Look look) {
        return new Observed(
                look.tick(),
                check.counters().observe(look.candidate()),
                check.counters().observe(look.stable()));
    }

    private Optional<Blindness> trouble(Observed observed) {
        return observed.trouble()
                .or(() -> observed.sound().isOne() ? Optional.of(Blindness.INDISTINGUISHABLE) : Optional.empty())
                .or(() -> check.covers(observed.candidate(), seen.candidatePods())
                                && check.covers(observed.stable(), seen.stablePods())
                        ? Optional.empty()
                        : Optional.of(Blindness.COVERAGE));
    }
}
