package dev.modelrollout.e2e.faults;

/** What goes wrong when the candidate turns bad. */
enum Setback {
    NONE("nothing else"),
    THROTTLED("API server answers 429 to the first write, Retry-After 1 s", Fault.THROTTLED),
    BROKEN("API server answers 500 to the first write", Fault.BROKEN),
    UNAVAILABLE("API server answers 503 to the first write", Fault.UNAVAILABLE),
    CONFLICT("API server answers 409 to the first write", Fault.CONFLICT),
    UNANSWERED("answer to the first write is lost", Fault.UNANSWERED),
    SLOW_CHECK("another check is answered after 4 s"),
    OTHERS_HANG("queries of another rollout are not answered"),
    STABLE_HALF_READY("one of stable's two pods is not ready"),
    EVENTS_HANG("Events are not answered"),
    WATCHES_CUT("all watches are cut"),
    OPERATOR_KILLED("operator killed, and started again at once"),
    LEADER_KILLED("leader killed, a standby goes on");

    private final String text;
    private final Fault firstWrite;

    Setback(String text) {
        this(text, Fault.NONE);
    }

    Setback(String text, Fault firstWrite) {
        this.text = text;
        this.firstWrite = firstWrite;
    }

    /** What meets the first write of the route. */
    Fault firstWrite() {
        return firstWrite;
    }

    /** Whether it can hit but one rollout at a time. */
    boolean hitsAll() {
        return this == WATCHES_CUT || this == OPERATOR_KILLED || this == LEADER_KILLED;
    }

    /** How often the route is written, or asked to be, until it has weight 0. */
    int writes() {
        return firstWrite.status() > 0 ? 2 : 1;
    }

    @Override
    public String toString() {
        return text;
    }
}
