package dev.modelrollout.rollout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The version on its way.
 *
 * @param startedAt when the rollout became due
 * @param deadlineFrom from when the deadline counts; null before the first traffic
 * @param losses how often this revision lost all its pods under traffic
 */
public record Candidate(
        String version,
        Revision revision,
        int attempt,
        Instant startedAt,
        @Nullable Instant deadlineFrom,
        int losses) {

    Candidate underTraffic(Instant now) {
        return deadlineFrom == null ? deadlineFrom(now) : this;
    }

    Candidate deadlineFrom(Instant now) {
        return new Candidate(version, revision, attempt, startedAt, now, losses);
    }

    Candidate afterLoss() {
        return new Candidate(version, revision, attempt, startedAt, deadlineFrom, losses + 1);
    }
}
