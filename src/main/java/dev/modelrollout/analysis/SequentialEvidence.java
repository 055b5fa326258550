package dev.modelrollout.analysis;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that a check on counts remembers of one revision: O(1), a value.
 *
 * @param counts what its tests know
 * @param scores what its tests of scores know; null when events are counted
 * @param pace of the windows of this weight after the warm-up
 * @param lead in these windows
 * @param judged windows after the warm-up that taught something
 * @param safe whether it was safe once; that stays
 * @param last end of the newest window taken in; windows that begin before it are never taken in
 * @param newest the newest window taken in; null before the first
 * @param blind why the newest window could not be judged; null when it could
 */
public record SequentialEvidence(
        CountEvidence counts,
        @Nullable MeanEvidence scores,
        Presence presence,
        Pace pace,
        Lead lead,
        int judged,
        boolean safe,
        Instant last,
        @Nullable Window newest,
        @Nullable Blindness blind) {

    /** The same, when there is no window to be had: what is known stands still. */
    public SequentialEvidence blind(Blindness why) {
        return new SequentialEvidence(counts, scores, presence, pace, lead, judged, safe, last, newest, why);
    }

    /** The same, when too much time has passed since the newest window: the next one begins at {@code tick}. */
    public SequentialEvidence goingOnFrom(Instant tick) {
        return new SequentialEvidence(counts, scores, presence, pace, lead, judged, safe, tick, newest, blind);
    }

    /** What the windows so far teach: both versions' counts, their ratio, the noise. */
    public Experience experience() {
        return counts.experience();
    }

    /** The same at another weight: another number of events is to be expected. */
    public SequentialEvidence atNewWeight() {
        return at(Pace.UNKNOWN, Lead.UNKNOWN);
    }

    /** With a window of this weight, after the warm-up. */
    SequentialEvidence atThisWeight(Window window) {
        return at(pace.after(window), lead.after(window));
    }

    private SequentialEvidence at(Pace events, Lead ahead) {
        return new SequentialEvidence(counts, scores, presence, events, ahead, judged, safe, last, newest, blind);
    }

    SequentialEvidence with(
            Window window,
            CountEvidence known,
            @Nullable MeanEvidence means,
            Presence traffic,
            @Nullable Blindness why) {
        return new SequentialEvidence(
                known, means, traffic, pace, lead, judged, safe, window.to(), window.withoutSquares(), why);
    }

    SequentialEvidence judged(int windows, boolean isSafe) {
        return new SequentialEvidence(counts, scores, presence, pace, lead, windows, isSafe, last, newest, blind);
    }
}
