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

        private final Duration longest;

        Form(Duration longest) {
            this.longest = longest;
        }

        /**
         * How long after a tick it is asked for, so that a scrape begun before the tick has arrived. No longer than the
         * interval: a scrape's timeout is at most the time between two scrapes, and who looks so often scrapes so often.
         */
        public Duration settles(Duration interval) {
            return interval.compareTo(longest) < 0 ? interval : longest;
        }
    }

    /** How long after a tick it is asked for. */
    public Duration settles() {
        return form.settles(interval);
    }
}
