package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelrollout.rollout.Reason;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Random lives of a rollout, and what holds in each of them. {@code -Dhistories=1000000} lives more of them, {@code
 * -Dseed=17} only that one.
 */
class RolloutSimulationTest {

    private static final int HISTORIES = Integer.getInteger("histories", 10_000);
    private static final int ENOUGH_TO_CATCH = 2_000;

    /** Told before there is a plan, or of what the stage has only one of. */
    private static final Set<Reason> OFF_STAGE =
            EnumSet.of(Reason.UNREADABLE, Reason.BACKEND_NOT_IN_ROUTE, Reason.UNKNOWN_PROVIDER, Reason.UNKNOWN_PRESET);

    /** There and back again, which chance takes seldom. */
    private static final History TOUR = new History(
            1,
            null,
            List.of(
                    new Happening(0, Happening.Kind.TARGET, 1, true),
                    new Happening(8, Happening.Kind.QUALITY, 4, true),
                    new Happening(40, Happening.Kind.TARGET, 0, true),
                    new Happening(8, Happening.Kind.TARGET, 1, true)));

    private static final Set<String> TRANSITIONS = Set.of(
            ">Live",
            ">Waiting",
            ">Progressing",
            "Live>Waiting",
            "Live>RolledBack",
            "Live>Halted",
            "Waiting>Progressing",
            "Waiting>Live",
            "Waiting>Halted",
            "Progressing>Live",
            "Progressing>Waiting",
            "Progressing>RolledBack",
            "Progressing>Halted",
            "RolledBack>Waiting",
            "RolledBack>Live",
            "Halted>Progressing",
            "Halted>Waiting",
            "Halted>Live",
            "Halted>RolledBack");

    @Test
    void every_history_keeps_the_promises() {
        var only = Long.getLong("seed");
        var seeds = only == null ? LongStream.rangeClosed(1, HISTORIES) : LongStream.of(only);
        var reached = new ConcurrentSkipListSet<String>();
        var unlucky = new ConcurrentSkipListSet<Long>();

        seeds.parallel().forEach(seed -> {
            var its = live(seed);
            reached.addAll(its);
            if (its.contains(Invariants.ROLLED_BACK_BY_CHANCE)) {
                unlucky.add(seed);
            }
        });

        if (only == null) {
            reached.addAll(TOUR.live(Operator.RIGHT));
            assertThat(reached).containsAll(TRANSITIONS).containsAll(reasons()).containsAll(kinds());
            assertThat(unlucky).hasSizeLessThanOrEqualTo(HISTORIES / History.ONE_COUNTS_IN / 100);
        }
    }

    private static List<String> kinds() {
        return Arrays.stream(Happening.Kind.values()).map(Enum::name).toList();
    }

    private static Set<String> reasons() {
        return Arrays.stream(Reason.values())
                .filter(reason -> !OFF_STAGE.contains(reason))
                .map(Reason::text)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> live(long seed) {
        var history = History.of(seed);
        try {
            return history.live(Operator.RIGHT);
        } catch (AssertionError broken) {
            var shortest = history.shortest(Operator.RIGHT);
            throw new AssertionError(
                    "history " + seed + ", again with: mvn test -Dtest=RolloutSimulationTest -Dseed=" + seed + "\n"
                            + shortest + "\n"
                            + shortest.fault(Operator.RIGHT).orElseThrow(),
                    broken);
        }
    }

    /** Each once made an invariant, or an operator, go wrong. */
    @TestFactory
    Stream<DynamicTest> a_history_that_was_hard_keeps_the_promises() {
        return Stream.of(
                hard(
                        "the younger of two rollouts takes leave without a word",
                        new History(
                                2,
                                null,
                                List.of(
                                        new Happening(0, Happening.Kind.TARGET, 1, true),
                                        new Happening(6, Happening.Kind.RIVAL, 8028, true),
                                        new Happening(4, Happening.Kind.DELETE, 1023, true)))),
                hard(
                        "a reading of a clock that ran ahead hides no harm",
                        new History(
                                2,
                                null,
                                List.of(
                                        new Happening(0, Happening.Kind.TARGET, 1, true),
                                        new Happening(9, Happening.Kind.CLOCK, 8142, true),
                                        new Happening(0, Happening.Kind.QUALITY, 6742, true)))),
                hard(
                        "a foreign change of a clock that ran ahead is waited for in peace",
                        new History(
                                1,
                                null,
                                List.of(
                                        new Happening(0, Happening.Kind.WEIGHTS, 1796, true),
                                        new Happening(56, Happening.Kind.CLOCK, 9731, true),
                                        new Happening(0, Happening.Kind.TARGET, 1052, true),
                                        new Happening(6, Happening.Kind.CEILING, 1582, false),
                                        new Happening(6, Happening.Kind.FOREIGN_STATUS, 3565, true)))),
                hard(
                        "what was stored under another clock is still evidence",
                        new History(
                                1,
                                null,
                                List.of(
                                        new Happening(1, Happening.Kind.SLOWNESS, 9776, true),
                                        new Happening(0, Happening.Kind.TARGET, 7486, true),
                                        new Happening(50, Happening.Kind.SLIP, 4427, false),
                                        new Happening(25, Happening.Kind.SLIP, 538, true),
                                        new Happening(3, Happening.Kind.CLOCK, 9856, true),
                                        new Happening(0, Happening.Kind.SLIP, 1464, true)))),
                hard(
                        "a rollback that somebody else was faster with is one",
                        new History(
                                1,
                                null,
                                List.of(
                                        new Happening(0, Happening.Kind.TARGET, 1, true),
                                        new Happening(9, Happening.Kind.QUALITY, 5356, true),
                                        new Happening(7, Happening.Kind.RACE, 5887, false),
                                        new Happening(4, Happening.Kind.SIGHT, 933, true)))),
                hard(
                        "a former leader does not lower again what its successor has raised",
                        new History(
                                2,
                                null,
                                List.of(
                                        new Happening(8, Happening.Kind.TARGET, 7391, false),
                                        new Happening(7, Happening.Kind.RECOVERY, 8762, true),
                                        new Happening(8, Happening.Kind.TARGET, 9787, false),
                                        new Happening(1, Happening.Kind.TAKE_OVER, 4655, true)))),
                hard(
                        "a hold of what was found anew counts by the clock that found it",
                        new History(
                                1,
                                517648,
                                List.of(
                                        new Happening(0, Happening.Kind.TARGET, 1, true),
                                        new Happening(9, Happening.Kind.SILENCE, 6703, true),
                                        new Happening(6, Happening.Kind.CLOCK, 3895, true),
                                        new Happening(3, Happening.Kind.STATUS_LOST, 4020, false),
                                        new Happening(8, Happening.Kind.GAP, 4002, true)))),
                hard(
                        "a first check counts from the beginning of its rung",
                        new History(
                                1,
                                251568,
                                List.of(
                                        new Happening(0, Happening.Kind.TARGET, 1, true),
                                        new Happening(5, Happening.Kind.CHECKS, 2841, true),
                                        new Happening(7, Happening.Kind.ROUTE_SHAPE, 9074, true),
                                        new Happening(26, Happening.Kind.RACE, 8734, true),
                                        new Happening(9, Happening.Kind.CHECKS, 5524, true)))),
                hard(
                        "a tick that a clock ahead has read is not read again",
                        new History(
                                1,
                                null,
                                List.of(
                                        new Happening(0, Happening.Kind.TARGET, 1, true),
                                        new Happening(4, Happening.Kind.RESET, 9164, true),
                                        new Happening(7, Happening.Kind.STEPS, 5110, true),
                                        new Happening(7, Happening.Kind.RESTART, 4735, true),
                                        new Happening(14, Happening.Kind.TEMPLATE, 3406, true),
                                        new Happening(6, Happening.Kind.CLOCK, 7203, true),
                                        new Happening(1, Happening.Kind.STEPS, 2589, true)))),
                hard(
                        "a reading that came for a spec without a plan is lost",
                        new History(
                                2,
                                null,
                                List.of(
                                        new Happening(0, Happening.Kind.TARGET, 1, true),
                                        new Happening(4, Happening.Kind.QUALITY, 376, true),
                                        new Happening(9, Happening.Kind.SLIP, 88, false),
                                        new Happening(7, Happening.Kind.READINESS, 5605, true),
                                        new Happening(3, Happening.Kind.WEIGHTS, 6027, false),
                                        new Happening(6, Happening.Kind.WEIGHTS, 5762, false)))),
                hard(
                        "what was measured beside another stable is no comparison",
                        new History(
                                2,
                                581360,
                                List.of(
                                        new Happening(0, Happening.Kind.TARGET, 1, true),
                                        new Happening(36, Happening.Kind.FOREIGN_STATUS, 1676, false),
                                        new Happening(58, Happening.Kind.ROUTE_SHAPE, 7504, true),
                                        new Happening(3, Happening.Kind.BLINDNESS, 8785, true),
                                        new Happening(5, Happening.Kind.TEMPLATE, 8826, true),
                                        new Happening(49, Happening.Kind.ROUTE_SHAPE, 1887, true),
                                        new Happening(3, Happening.Kind.GAP, 9542, false)))),
                hard(
                        "a former leader does not know what its successor was answered",
                        new History(
                                1,
                                508336,
                                List.of(
                                        new Happening(0, Happening.Kind.TARGET, 1, true),
                                        new Happening(9, Happening.Kind.RESTART, 1836, true),
                                        new Happening(3, Happening.Kind.SIGHT, 9174, true),
                                        new Happening(8, Happening.Kind.SLOWNESS, 4644, true),
                                        new Happening(4, Happening.Kind.SIGHT, 5193, true),
                                        new Happening(0, Happening.Kind.BLINDNESS, 5861, false),
                                        new Happening(0, Happening.Kind.WEIGHTS, 9950, true),
                                        new Happening(8, Happening.Kind.TAKE_OVER, 7039, false),
                                        new Happening(6, Happening.Kind.WEIGHTS, 2299, false)))),
                hard(
                        "a former leader may rest on what its successor has stored",
                        new History(
                                2,
                                327792,
                                List.of(
                                        new Happening(0, Happening.Kind.TARGET, 1, true),
                                        new Happening(44, Happening.Kind.ATTEMPT, 7306, true),
                                        new Happening(7, Happening.Kind.BREAK, 6428, false),
                                        new Happening(2, Happening.Kind.ATTEMPT, 7913, false),
                                        new Happening(5, Happening.Kind.SLOWNESS, 6627, false),
                                        new Happening(7, Happening.Kind.SLOWNESS, 6448, true),
                                        new Happening(57, Happening.Kind.TAKE_OVER, 713, false),
                                        new Happening(2, Happening.Kind.TAKE_OVER, 3984, false),
                                        new Happening(2, Happening.Kind.SLOWNESS, 1280, true)))),
                hard(
                        "other steps under a ceiling may put one below a weight that was next",
                        new History(
                                2,
                                null,
                                List.of(
                                        new Happening(0, Happening.Kind.TARGET, 1, true),
                                        new Happening(54, Happening.Kind.CEILING, 8633, true),
                                        new Happening(3, Happening.Kind.STEPS, 7443, true),
                                        new Happening(0, Happening.Kind.CEILING, 8815, true),
                                        new Happening(0, Happening.Kind.STEPS, 9373, true)))),
                hard(
                        "evidence promises nothing where stable jumps, too",
                        new History(
                                2,
                                900144,
                                List.of(
                                        new Happening(0, Happening.Kind.TARGET, 1, true),
                                        new Happening(1, Happening.Kind.QUALITY, 8927, false),
                                        new Happening(25, Happening.Kind.STALE, 2889, false),
                                        new Happening(33, Happening.Kind.RESET, 6266, false),
                                        new Happening(48, Happening.Kind.RESET, 5640, true),
                                        new Happening(6, Happening.Kind.TEMPLATE, 4440, true),
                                        new Happening(5, Happening.Kind.RESET, 1645, true),
                                        new Happening(9, Happening.Kind.STALE, 1778, true),
                                        new Happening(5, Happening.Kind.QUALITY, 1657, true),
                                        new Happening(41, Happening.Kind.QUALITY, 5048, true),
                                        new Happening(24, Happening.Kind.REACTIONS, 1695, true),
                                        new Happening(3, Happening.Kind.QUALITY, 1808, true),
                                        new Happening(8, Happening.Kind.TEMPLATE, 2885, true),
                                        new Happening(6, Happening.Kind.QUALITY, 5038, true)))));
    }

    private static DynamicTest hard(String lesson, History history) {
        return dynamicTest(lesson, () -> history.live(Operator.RIGHT));
    }

    @Test
    void a_rollout_that_is_deleted_does_not_let_go_of_a_route_that_takes_no_write() {
        var refusals = new AtomicInteger(10);
        Operator.Maker contended = () -> new Operator() {
            @Override
            public Ports ports(Ports right) {
                var router = new ContendedRouter(right.router(), refusals);
                return new Ports(right.store(), router, right.caches(), right.source());
            }
        };
        new History(
                        1,
                        null,
                        List.of(
                                new Happening(0, Happening.Kind.TARGET, 1, true),
                                new Happening(10, Happening.Kind.DELETE, 0, true)))
                .live(contended);

        assertThat(refusals).hasNegativeValue();
    }

    @Test
    void a_seed_tells_the_same_history_again() {
        var first = faults(Bug.SEES_NO_HARM);

        assertThat(first).anyMatch(Optional::isPresent).isEqualTo(faults(Bug.SEES_NO_HARM));
    }

    private static List<Optional<String>> faults(Bug bug) {
        return LongStream.rangeClosed(1, 50)
                .mapToObj(seed -> History.of(seed).fault(bug))
                .toList();
    }

    /** The promises can be broken: each of these is caught. */
    @TestFactory
    Stream<DynamicTest> a_wrong_operator_is_caught() {
        return Arrays.stream(Bug.values())
                .map(bug -> dynamicTest(bug.toString(), () -> {
                    var fault = LongStream.rangeClosed(0, ENOUGH_TO_CATCH)
                            .parallel()
                            .mapToObj(seed -> candidate(seed).fault(bug))
                            .flatMap(Optional::stream)
                            .map(told -> told.lines().findFirst().orElseThrow())
                            .filter(told -> told.contains(bug.promise))
                            .findAny();

                    assertThat(fault).isPresent();
                }));
    }

    /** Half of them count. */
    private static History candidate(long seed) {
        return seed == 0 ? TOUR : History.of(seed % 2 == 0 ? seed * History.ONE_COUNTS_IN : seed);
    }
}
