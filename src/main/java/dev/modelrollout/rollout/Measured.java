package dev.modelrollout.rollout;

import dev.modelrollout.analysis.GaugeEvidence;
import dev.modelrollout.analysis.Lead;
import dev.modelrollout.analysis.SequentialEvidence;
import java.time.Instant;
import java.util.function.Function;

/** The evidence of one check, and the identity of the check that it belongs to. */
public sealed interface Measured {

    /** Identity of the check, and with it what it was asked about if that depends on the route. */
    String check();

    /** The same, of this source. */
    Measured of(String source);

    /** Whether it is this check's, whatever the route was then. */
    default boolean isOf(NamedCheck check) {
        return check().equals(check.identity()) || check().startsWith(source(check, ""));
    }

    /** What evidence of this check belongs to where the route is like this. */
    static String source(NamedCheck check, String route) {
        return check.identity() + "/" + route;
    }

    /** Tick up to which readings were taken in; the begin of the next window may lie one interval later. */
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
        public Measured of(String source) {
            return new OfQuery(source, evidence);
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
        public Measured of(String source) {
            return new OfCounts(source, evidence);
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
