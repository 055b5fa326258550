package dev.modelrollout.reconcile;

import dev.modelrollout.reconcile.Shell.Operator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A life of a rollout: things happen, then all is mended, and it has to come to its end.
 *
 * @param rules of the route
 * @param counters where their chance begins; null when checks have readings instead
 */
record History(int rules, @Nullable Integer counters, List<Happening> happenings) {

    /** So few of the histories count, since those take longer. */
    static final int ONE_COUNTS_IN = 8;

    private static final Duration LONG_ENOUGH = Duration.ofMinutes(15);

    /** The one of this seed; each takes only some kinds of happenings, so that those come often. */
    static History of(long seed) {
        var random = new Random(seed);
        var kinds = new ArrayList<>(Arrays.asList(Happening.Kind.values()));
        Collections.shuffle(kinds, random);
        var some = kinds.subList(0, 3 + random.nextInt(10));
        var happenings = new ArrayList<Happening>();
        happenings.add(new Happening(0, Happening.Kind.TARGET, 1, true));
        var length = 5 + random.nextInt(20);
        for (var i = 0; i < length; i++) {
            happenings.add(Happening.any(random, some));
        }
        var counters = seed % ONE_COUNTS_IN == 0 ? (Integer) (int) seed : null;
        return new History(1 + random.nextInt(2), counters, happenings);
    }

    private static final class Run {

        private final Stage stage;
        private final Invariants invariants;
        private final Shell shell;
        private Instant wake = Instant.MIN;

        private Run(int rules, @Nullable Integer counters, Operator operator) {
            stage = new Stage(rules, counters);
            invariants = new Invariants(stage);
            shell = new Shell(stage, operator, invariants);
        }

        /** Whatever is due until then: wake-ups, readings, what a watch tells late. */
        private void until(Instant end) {
            for (var next = next(); !next.isAfter(end); next = next()) {
                stage.now = later(next, stage.now);
                stage.sync();
                stage.tick();
                round();
            }
            stage.now = later(end, stage.now);
            stage.sync();
        }

        private Instant next() {
            var told = Stream.of(stage.nextTick(), stage.staleUntil, stage.servedFrom)
                    .filter(stage.now::isBefore);
            return Stream.concat(Stream.of(wake), told).min(Instant::compareTo).orElseThrow();
        }

        private static Instant later(Instant a, Instant b) {
            return a.isAfter(b) ? a : b;
        }

        private void round() {
            var due = shell.round();
            wake = due.equals(Instant.MAX)
                    ? due
                    : Instant.ofEpochSecond(due.minusNanos(1).getEpochSecond() + 1);
            stage.sync();
        }

        private void live(Happening happening) {
            until(stage.now.plusSeconds(happening.after()));
            invariants.tell(happening.kind() + " " + happening.which());
            happening.on(stage, shell, invariants);
            stage.sync();
            if (happening.isSeen()) {
                round();
            }
        }

        private void end() {
            invariants.tell("all is mended");
            stage.staleUntil = Instant.EPOCH;
            stage.breakAt(null, false);
            stage.meanwhile = null;
            stage.rival = false;
            stage.see();
            stage.stickGateway(false);
            stage.mendRoute();
            stage.pods.values().forEach(Stage.Pods::recover);
            var live = stage.live();
            if (live == null) {
                stage.setRoute(List.of(Stage.weights(100, 0, 0)));
            }
            stage.pods(live == null ? "v1" : live).bad = false;
            stage.edit(spec -> spec.unlisted.clear());
            stage.sync();
            round();
            until(stage.now.plusSeconds(30));
            stage.edit(spec -> {
                spec.paused = false;
                spec.maxWeight = 100;
                spec.deadline = null;
                spec.holdOnFailure = false;
                spec.attempt += 10;
            });
            stage.sync();
            round();
            until(stage.now.plus(LONG_ENOUGH));
            isAtItsEnd();
            isQuiet();
        }

        private void isAtItsEnd() {
            var status = stage.status();
            var target = stage.spec.target;
            var isBad = stage.pods(target).bad && stage.spec.checks;
            var expected = isBad ? "RolledBack" : "Live";
            invariants.require(
                    Invariants.phase(status).equals(expected),
                    "I10: ends as " + Invariants.phase(status) + ", not " + expected);
            invariants.require(status != null && (isBad || target.equals(status.live())), "I10: another one is live");
        }

        /** Nothing changes any more, restart or not. */
        private void isQuiet() {
            var before = invariants.writes();
            until(stage.now.plusSeconds(60));
            shell.restart();
            round();
            until(stage.now.plus(LONG_ENOUGH));
            invariants.require(invariants.writes() == before, "I15: writes although nothing changes");
        }
    }

    /** What was reached; throws when a promise was broken. */
    Set<String> live(Operator operator) {
        var run = new Run(rules, counters, operator);
        try {
            run.round();
            happenings.forEach(run::live);
            run.end();
            return run.invariants.reached;
        } catch (AssertionError | RuntimeException broken) {
            throw new AssertionError(broken + "\n" + run.invariants.trail(), broken);
        }
    }

    /** The same history without all that does not matter for its failure. */
    History shortest(Operator operator) {
        var kept = happenings;
        for (var i = kept.size() - 1; i >= 0; i--) {
            var fewer = new ArrayList<>(kept);
            fewer.remove(i);
            if (new History(rules, counters, fewer).fault(operator).isPresent()) {
                kept = fewer;
            }
        }
        return new History(rules, counters, kept);
    }

    /** Which promise is broken, and how it came to that. */
    Optional<String> fault(Operator operator) {
        try {
            live(operator);
            return Optional.empty();
        } catch (AssertionError broken) {
            return Optional.of(String.valueOf(broken.getMessage()));
        }
    }

    @Override
    public String toString() {
        return rules + " rules; " + (counters == null ? "" : "counters; ")
                + happenings.stream().map(Happening::toString).collect(Collectors.joining("\n"));
    }
}
