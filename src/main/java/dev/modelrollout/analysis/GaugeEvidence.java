package dev.modelrollout.analysis;

/**
 * All that a check of a gauge remembers: O(1), a value.
 *
 * @param readings what counts readings in a row
 * @param signs what compares with stable
 */
public record GaugeEvidence(Evidence readings, SignEvidence signs) {

    /** The same, when there is no newer reading to be had: what is known stands still. */
    public GaugeEvidence blind(Blindness why) {
        return new GaugeEvidence(readings.blind(why), signs);
    }

    /** The same evidence at another weight: what was within limits in a row there proves nothing here. */
    public GaugeEvidence atNewWeight() {
        return new GaugeEvidence(readings.atNewWeight(), signs.atNewWeight());
    }
}
