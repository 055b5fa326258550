package dev.modelrollout.analysis;

import java.time.Duration;

/**
 * One query, filled in for one version. Equal questions of different rollouts are one.
 *
 * @param provider name of a configured metric source
 * @param query PromQL without variables
 * @param interval distance of two ticks; ticks are its multiples since the epoch
 */
public record Question(String provider, String query, Duration interval, Form form) {

    /** What the answer is made of. */
    public enum Form {
        /** One series or a scalar: {@link Answer.Value}. */
        NUMBER(Duration.ZERO),
        /** Raw counters, any number of series: {@link Answer.Counters}. */
        COUNTERS(Duration.ofSeconds(10));

        private static final Duration SKEW = Duration.ofSeconds(2);

        private final Duration longestSettling;

        Form(Duration longestSettling) {
            this.longestSettling = longestSettling;
        }

        /**
         * How long after a tick it is asked for, so that a scrape begun before the tick has arrived. For counters the
         * interval, which a scrape may last, and by how much clocks may differ; at most 10 s.
         *
         * @param interval no shorter than the time between two scrapes, which a scrape's timeout never exceeds
         */
        public Duration settles(Duration interval) {
            var scraped = interval.plus(SKEW);
            return scraped.compareTo(longestSettling) < 0 ? scraped : longestSettling;
        }
    }

    /** How long after a tick it is asked for. */
    public Duration settles() {
        return form.settles(interval);
    }
}
