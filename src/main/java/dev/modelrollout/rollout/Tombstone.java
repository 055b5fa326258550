package dev.modelrollout.rollout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A revision that failed, and why. {@code check} is null unless a check failed. */
public record Tombstone(
        Revision revision,
        String candidate,
        Reason reason,
        @Nullable String check,
        String message,
        Instant at) {}
