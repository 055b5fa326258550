package dev.modelrollout.rollout;

import dev.modelrollout.analysis.GaugeEvidence;
import dev.modelrollout.analysis.Lead;
import dev.modelrollout.analysis.SequentialEvidence;
import java.time.Instant;
import java.util.function.Function;

/** The evidence of one check, and the identity of the check that it belongs to. */
public sealed interface Measured {

    /** Identity of the check. */
    String check();

    /** Tick of the newest reading taken in. */
    Instant last();

    /** Whether anything was taken in. */
    boolean hasAny();

    /** The candidate's over stable at this weight. */
    Lead lead();

    /** The same at another weight. */
    Measured atNewWeight();

    /** One result for each kind of evidence. */
    <T> T fold(Function<GaugeEvidence, T> onQuery, Function<SequentialEvidence, T> onCounts);

    /** Of readings. */
    record OfQuery(String check, GaugeEvidence evidence) implements Measured {

        @Override
        public Instant last() {
            return evidence.readings().last();
        }

        @Override
        public boolean hasAny() {
            return evidence.readings().candidate() != null;
        }

        @Override
        public Lead lead() {
            return evidence.signs().lead();
        }

        @Override
        public Measured atNewWeight() {
            return new OfQuery(check, evidence.atNewWeight());
        }

        @Override
        public <T> T fold(Function<GaugeEvidence, T> onQuery, Function<SequentialEvidence, T> onCounts) {
            return onQuery.apply(evidence);
        }
    }

    /** Of windows of counts, which is evidence at every weight. */
    record OfCounts(String check, SequentialEvidence evidence) implements Measured {

        @Override
        public Instant last() {
            return evidence.last();
        }

        @Override
        public boolean hasAny() {
            return evidence.newest() != null;
        }

        @Override
        public Lead lead() {
            return evidence.lead();
        }

        @Override
        public Measured atNewWeight() {
            return new OfCounts(check, evidence.atNewWeight());
        }

        @Override
        public <T> T fold(Function<GaugeEvidence, T> onQuery, Function<SequentialEvidence, T> onCounts) {
            return onCounts.apply(evidence);
        }
    }
}
