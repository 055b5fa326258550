package dev.modelrollout.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Ledger;
import dev.modelrollout.rollout.Live;
import dev.modelrollout.rollout.Move;
import dev.modelrollout.rollout.Move.Action;
import dev.modelrollout.rollout.Reason;
import dev.modelrollout.rollout.RolloutState;
import dev.modelrollout.rollout.Unseen;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class NextLookTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Wanted A_QUESTION =
            Wanted.everyTick(Set.of(new Question("default", "errors", Duration.ofSeconds(15), Question.Form.NUMBER)));

    private record Case(
            String sentence, Decision decision, @Nullable Duration in) {

        DynamicTest test() {
            return dynamicTest(
                    sentence,
                    () -> assertThat(NextLook.after(decision, NOW))
                            .isEqualTo(Optional.ofNullable(in).map(NOW::plus)));
        }
    }

    @TestFactory
    Stream<DynamicTest> looks_again() {
        return Stream.of(
                        new Case("idle: never", decided(live(), Reason.LIVE, null, Wanted.NOTHING), null),
                        new Case("stalled: never", decided(new Unseen(), Reason.ROUTE_MISSING, null), null),
                        new Case(
                                "on its way: once a minute",
                                decided(live(), Reason.PAUSED, null),
                                Duration.ofMinutes(1)),
                        new Case(
                                "stalled, but asking: once a minute",
                                decided(live(), Reason.BOTH_UNHEALTHY, null, A_QUESTION),
                                Duration.ofMinutes(1)),
                        new Case(
                                "as decided, when that is sooner",
                                decided(live(), Reason.PROGRESSING, NOW.plusSeconds(7)),
                                Duration.ofSeconds(7)),
                        new Case(
                                "within the minute, when that is sooner than decided",
                                decided(live(), Reason.PROGRESSING, NOW.plusSeconds(70)),
                                Duration.ofMinutes(1)),
                        new Case(
                                "as decided, although nothing is on its way",
                                decided(live(), Reason.LIVE, NOW.plusSeconds(70)),
                                Duration.ofSeconds(70)),
                        new Case(
                                "at once, but without spinning, when it was due before",
                                decided(live(), Reason.PROGRESSING, Instant.EPOCH),
                                Duration.ofMillis(10)),
                        new Case(
                                "at the end of a drift, to tell that it is over",
                                decided(drifted(Duration.ofSeconds(4)), Reason.CHECK_FAILED, null),
                                Duration.ofSeconds(6)),
                        new Case(
                                "not for a drift that is over",
                                decided(drifted(Duration.ofSeconds(10)), Reason.CHECK_FAILED, null),
                                null),
                        new Case(
                                "every 5 seconds beside an older rollout, whose end nobody tells",
                                decided(new Unseen(), Reason.CONFLICT, null),
                                Duration.ofSeconds(5)))
                .map(Case::test);
    }

    private static Decision decided(RolloutState next, Reason reason, @Nullable Instant wakeAt) {
        return decided(next, reason, wakeAt, Wanted.NOTHING);
    }

    private static Decision decided(RolloutState next, Reason reason, @Nullable Instant wakeAt, Wanted wanted) {
        return new Decision(next, reason, reason.standing(), "because", null, null, false, null, wakeAt, wanted);
    }

    private static Live live() {
        return new Live(new Ledger("v1", List.of(), List.of()));
    }

    private static Live drifted(Duration ago) {
        var move = new Move(NOW.minus(ago), Action.LOWER, Reason.DRIFTED.text(), "v1", "v2", 0, "someone");
        return new Live(new Ledger("v1", List.of(), List.of(move)));
    }
}
