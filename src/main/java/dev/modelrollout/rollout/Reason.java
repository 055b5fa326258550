package dev.modelrollout.rollout;

/**
 * Why a rollout is where it is: the one vocabulary of conditions, events, history, metric labels and docs. Their
 * order says which of several troubles counts, which of them keep a rollout from being adopted, and which are obstacles.
 */
public enum Reason {
    INVALID_SPEC("InvalidSpec", Standing.STALLED),
    UNREADABLE("Unreadable", Standing.STALLED),
    CONFLICT("Conflict", Standing.STALLED),
    ROUTE_MISSING("RouteMissing", Standing.STALLED),
    ROUTE_SHAPE("RouteShape", Standing.STALLED),
    BACKEND_NOT_IN_ROUTE("BackendNotInRoute", Standing.STALLED),
    DEPLOYMENT_MISSING("DeploymentMissing", Standing.STALLED),
    UNKNOWN_PROVIDER("UnknownProvider", Standing.STALLED),
    UNKNOWN_PRESET("UnknownPreset", Standing.STALLED),
    LIVE_UNAVAILABLE("LiveUnavailable", Standing.STALLED),
    STABLE_UNAVAILABLE("StableUnavailable", Standing.STALLED),
    BOTH_UNHEALTHY("BothUnhealthy", Standing.STALLED),
    CONTESTED("Contested", Standing.STALLED),
    CHECK_FAILED("CheckFailed", Standing.STALLED),
    TRAFFIC_MISSING("TrafficMissing", Standing.STALLED),
    DEADLINE_EXCEEDED("DeadlineExceeded", Standing.STALLED),
    BLIND_TOO_LONG("BlindTooLong", Standing.STALLED),
    HELD_ON_FAILURE("HeldOnFailure", Standing.STALLED),
    DRIFTED("Drifted", Standing.RECONCILING),
    CANDIDATE_LOST("CandidateLost", Standing.RECONCILING),
    CANDIDATE_NOT_READY("CandidateNotReady", Standing.RECONCILING),
    ROUTE_NOT_PROGRAMMED("RouteNotProgrammed", Standing.RECONCILING),
    PAUSED("Paused", Standing.RECONCILING),
    AT_MAX_WEIGHT("AtMaxWeight", Standing.RECONCILING),
    BLIND("Blind", Standing.RECONCILING),
    PROGRESSING("Progressing", Standing.RECONCILING),
    LIVE("Live", Standing.READY);

    /** What a reason means for who waits for the rollout: exactly one of the kstatus conditions is True. */
    public enum Standing {
        /** Done: nothing to wait for. */
        READY,
        /** On its way; it goes on by itself. */
        RECONCILING,
        /** It needs a person, or a change of the world. */
        STALLED
    }

    private final String text;
    private final Standing standing;

    Reason(String text, Standing standing) {
        this.text = text;
        this.standing = standing;
    }

    /** The name on the wire. */
    public String text() {
        return text;
    }

    /** What it means unless a decision says otherwise. */
    public Standing standing() {
        return standing;
    }

    /**
     * The reason with this {@link #text()}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Reason of(String text) {
        for (var reason : values()) {
            if (reason.text.equals(text)) {
                return reason;
            }
        }
        throw new IllegalArgumentException("unknown reason " + text);
    }
}
