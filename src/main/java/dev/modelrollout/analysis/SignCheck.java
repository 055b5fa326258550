package dev.modelrollout.analysis;

import dev.modelrollout.analysis.GaugeLimit.Bet;
import dev.modelrollout.analysis.GaugeLimit.Side;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A gauge held against stable's, reading by reading. How far it is beyond a limit does not matter, only how often, so
 * that no single reading decides. Readings must be independent: of windows that do not overlap.
 *
 * @param limits empty when nothing is compared
 */
public record SignCheck(Better better, List<GaugeLimit> limits) {

    public SignCheck {
        limits = List.copyOf(limits);
    }

    /** Whether it says anything. */
    public boolean compares() {
        return !limits.isEmpty();
    }

    /** Whether the candidate has to be better than stable. */
    public boolean demandsBetter() {
        return bets().stream().anyMatch(bet -> bet.side() == Side.BETTER);
    }

    /** Before the first reading. */
    SignEvidence start() {
        return new SignEvidence(bets().stream().map(bet -> SignTest.start()).toList(), 0, false, Lead.UNKNOWN);
    }

    /** The evidence with one more reading of both; those of the warm-up prove no safety. */
    SignEvidence fold(SignEvidence before, double candidate, double stable, boolean proves) {
        var bets = bets();
        var ofCandidate = better.badness(candidate);
        var ofStable = better.badness(stable);
        var stakes = IntStream.range(0, bets.size())
                .mapToObj(i -> proves || bets.get(i).side() == Side.WORSE
                        ? bets.get(i).after(before.stakes().get(i), ofCandidate, ofStable)
                        : before.stakes().get(i))
                .toList();
        var judged = proves ? before.judged() + 1 : before.judged();
        var lead = proves ? before.lead().after(ofCandidate, ofStable) : before.lead();
        var after = new SignEvidence(stakes, judged, before.safe(), lead);
        return new SignEvidence(stakes, judged, before.safe() || (proves && isProven(after)), lead);
    }

    private boolean isProven(SignEvidence evidence) {
        return evidence.judged() >= SequentialCheck.LEAST_JUDGED
                && forSafety(evidence).allMatch(stakes -> Certainty.OF_SAFETY.isReachedBy(stakes.logE()));
    }

    /** Whether it was safe once, or has nothing to prove. */
    boolean isSafe(SignEvidence evidence) {
        return !compares() || evidence.safe();
    }

    /** What its bets say about harm, in the order of the limits. */
    List<HarmEvidence> harm(SignEvidence evidence) {
        return of(evidence, side -> side == Side.WORSE)
                .map(stakes -> new HarmEvidence(stakes.logE(), false))
                .toList();
    }

    /** How far the evidence for safety has come, 0..1. */
    double safety(SignEvidence evidence) {
        return forSafety(evidence)
                .mapToDouble(stakes -> Certainty.OF_SAFETY.progress(stakes.logE()))
                .min()
                .orElse(0);
    }

    /** Readings until it is safe if each of them is within the limits; at least 1. */
    long readingsToSafe(SignEvidence evidence) {
        var proof = forSafety(evidence)
                .mapToLong(stakes -> SignTest.winsTo(Certainty.OF_SAFETY.logE(), stakes))
                .max()
                .orElse(0);
        return Math.max(1, Math.max(proof, SequentialCheck.LEAST_JUDGED - evidence.judged()));
    }

    /** Whether this evidence has a stake for each bet. */
    boolean fits(SignEvidence evidence) {
        return Stakes.areAlike(start().stakes(), evidence.stakes());
    }

    private Stream<Stakes> forSafety(SignEvidence evidence) {
        return of(evidence, side -> side != Side.WORSE);
    }

    private Stream<Stakes> of(SignEvidence evidence, Predicate<Side> wanted) {
        return IntStream.range(0, bets().size())
                .filter(i -> wanted.test(bets().get(i).side()))
                .mapToObj(evidence.stakes()::get);
    }

    private List<Bet> bets() {
        return limits.stream().flatMap(limit -> limit.bets().stream()).toList();
    }
}
