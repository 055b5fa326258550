package dev.modelrollout.analysis;

import java.time.Instant;

/** Both versions' answers to one check at one tick. */
public record Reading(Answer candidate, Answer stable) {

    public Reading {
        if (!candidate.tick().equals(stable.tick())) {
            throw new IllegalArgumentException("both answers of a reading are of one tick");
        }
    }

    /** The tick of both answers. */
    public Instant tick() {
        return candidate.tick();
    }
}
