package dev.modelrollout.reconcile;

import dev.modelrollout.rollout.Decision;
import dev.modelrollout.rollout.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** When a rollout is looked at again although nothing happens. */
final class NextLook {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofMillis(10);
    private static final Duration CONFLICT = Duration.ofSeconds(5);

    private NextLook() {}

    /**
     * After this decision was carried out: at the time that it asks for, and else once a minute while the rollout is
     * active, and when a foreign change stops being told of. Nobody tells the younger of two rollouts when the older one lets its rule go, so it asks more often.
     */
    static Optional<Instant> after(Decision decision, Instant now) {
        return Stream.of(
                        Optional.ofNullable(decision.wakeAt()),
                        StatusMapper.driftEnds(decision, now),
                        Optional.of(now.plus(CONFLICT)).filter(at -> decision.reason() == Reason.CONFLICT),
                        Optional.of(now.plus(MINUTE)).filter(at -> decision.isActive()))
                .flatMap(Optional::stream)
                .min(Instant::compareTo)
                .map(at -> at.isBefore(now.plus(SOON)) ? now.plus(SOON) : at);
    }
}
