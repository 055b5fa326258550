package dev.modelrollout.e2e.decisions;

/** What happens to a rollout that has nothing to do with how good its candidate is. Seconds count from the first rise. */
enum Trouble {
    NONE,

    /** Every ten seconds another pod's process starts anew. */
    COUNTER_RESETS,

    /** Scrapes fail: of all pods, then of stable's. Then Prometheus fails, and then it stands still. */
    SCRAPE_GAPS,

    /** Every eight seconds a pod of stable is replaced by one of another name. */
    ROLLING_RESTART,

    /** The same, because somebody restarts the Deployment: its template changes first. */
    DEPLOYMENT_RESTART,

    /** The operator is killed, twice. */
    OPERATOR_KILLED;

    private static final int RESETS_EVERY = 10;
    private static final int REPLACES_EVERY = 8;
    private static final int REPLACEMENTS = 8;
    private static final Span ALL_UNSEEN = new Span(15, 27);
    private static final Span STABLE_UNSEEN = new Span(40, 45);
    private static final Span SERVER_FAILS = new Span(50, 60);
    private static final Span SERVER_STANDS_STILL = new Span(65, 73);

    /** From one second (included) to another (not). */
    private record Span(long from, long to) {

        boolean has(long second) {
            return from <= second && second < to;
        }
    }

    /** Whether another process of the {@code pods} starts anew in this second. */
    boolean resets(long second, int pod, int pods) {
        return this == COUNTER_RESETS
                && second > 0
                && second % RESETS_EVERY == 0
                && second / RESETS_EVERY % pods == pod;
    }

    boolean replacesStable(long second) {
        return (this == ROLLING_RESTART || this == DEPLOYMENT_RESTART)
                && second > 0
                && second % REPLACES_EVERY == 0
                && second <= REPLACES_EVERY * REPLACEMENTS;
    }

    boolean isUnseen(long second, boolean candidate) {
        return this == SCRAPE_GAPS && (ALL_UNSEEN.has(second) || (!candidate && STABLE_UNSEEN.has(second)));
    }

    boolean isUnanswered(long second) {
        return this == SCRAPE_GAPS && SERVER_FAILS.has(second);
    }

    /** The second whose samples are the newest then. */
    long seen(long second) {
        return this == SCRAPE_GAPS && SERVER_STANDS_STILL.has(second) ? SERVER_STANDS_STILL.from() : second;
    }
}
