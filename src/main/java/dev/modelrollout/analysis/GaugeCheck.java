package dev.modelrollout.analysis;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * A gauge: one number per version and tick. Its plain limits are judged by readings in a row, what compares it with
 * stable on evidence; harm of the latter is decided by {@link RolloutHarm} over all checks.
 */
public record GaugeCheck(PlainCheck plain, SignCheck signs) {

    /** No reading yet; those up to {@code from} will not count. */
    public GaugeEvidence start(Instant from) {
        return new GaugeEvidence(Evidence.none(from), signs.start());
    }

    /**
     * The evidence with one more reading; a reading that is not newer than the evidence changes nothing.
     *
     * @param judgedFrom readings before it count for harm, but not for safety
     */
    public GaugeEvidence fold(GaugeEvidence before, Reading reading, Instant judgedFrom) {
        if (!reading.tick().isAfter(before.readings().last())) {
            return before;
        }
        var proves = !reading.tick().isBefore(judgedFrom);
        return new GaugeEvidence(
                plain.fold(before.readings(), reading, judgedFrom, comparesWithStable()),
                reading.candidate()
                        .number()
                        .flatMap(candidate -> reading.stable()
                                .number()
                                .map(stable -> signs.fold(before.signs(), candidate, stable, proves)))
                        .orElse(before.signs()));
    }

    /** Whether a verdict needs stable's answer. */
    public boolean comparesWithStable() {
        return plain.limits().comparesWithStable() || signs.compares();
    }

    /** What this check says by itself. */
    public Verdict verdict(GaugeEvidence evidence) {
        var verdict = plain.verdict(evidence.readings());
        return verdict.fold(
                () -> signs.isSafe(evidence.signs()) ? verdict : new Verdict.Undecided(need(evidence)),
                undecided -> verdict,
                harmful -> verdict,
                blind -> verdict);
    }

    private String need(GaugeEvidence evidence) {
        var readings = signs.readingsToSafe(evidence.signs());
        return "about " + readings + " more " + (readings == 1 ? "reading" : "readings") + " within its limits";
    }

    /** What its bets say about harm; empty when no limit can be harmed. */
    public List<HarmEvidence> harm(GaugeEvidence evidence) {
        return signs.harm(evidence.signs());
    }

    /** How far the evidence for safety has come, 0..1; 0 when nothing is compared. */
    public double safety(GaugeEvidence evidence) {
        return signs.safety(evidence.signs());
    }

    /**
     * Readings until it is safe, at best, if the candidate is as good as stable; empty when nothing is compared, or it
     * has to be better.
     */
    public OptionalLong readingsToSafe(GaugeEvidence evidence) {
        if (!signs.compares() || signs.demandsBetter()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(signs.isSafe(evidence.signs()) ? 0 : signs.readingsToSafe(evidence.signs()));
    }

    /** Whether this evidence is of a check with such limits, and not of another one. */
    public boolean fits(GaugeEvidence evidence) {
        return signs.fits(evidence.signs());
    }
}
