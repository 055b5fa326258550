package dev.modelrollout.e2e.faults;

/** What happens to one request. */
enum Fault {
    NONE,
    /** The operator is killed before the request is sent. */
    KILLED_BEFORE,
    /** The request takes effect, then the operator is killed, without an answer. */
    KILLED_UNANSWERED,
    /** The answer is on its way when the operator is killed. */
    KILLED_ANSWERED,
    /** Sent 3 s late. */
    DELAYED,
    /** The request takes effect, the connection is closed without an answer. */
    UNANSWERED,
    CONFLICT(409),
    GONE(410),
    THROTTLED(429),
    BROKEN(500),
    UNAVAILABLE(503),
    /** All watches are cut, before the request is sent. */
    WATCHES_CUT,
    /** The same, and none can be resumed: what it was told last is forgotten (410). */
    WATCHES_EXPIRED,
    /** The operator is killed, and the next one is told by its first lists what was there a while ago. */
    KILLED_AND_STALE;

    private final int status;

    Fault() {
        this(0);
    }

    Fault(int status) {
        this.status = status;
    }

    /** Of the answer that the request gets instead of being sent; 0 if it is sent. */
    int status() {
        return status;
    }

    boolean kills() {
        return name().startsWith("KILLED");
    }
}
