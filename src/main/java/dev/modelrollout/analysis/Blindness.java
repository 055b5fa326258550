package dev.modelrollout.analysis;

/** Why a question has no usable answer. The names are those that {@code status.checks} shows. */
public enum Blindness {
    /** No connection, no such host, or the connection was reset. */
    UNREACHABLE("Unreachable"),
    /** No complete answer within the provider's timeout. */
    TIMEOUT("Timeout"),
    /** The provider answered 5xx or 429. */
    SERVER_ERROR("ServerError"),
    /** The answer exceeds the limits of size, or together with its namespace's others what is kept of them. */
    TOO_LARGE("TooLarge"),
    /** The answer is not what the Prometheus API promises. */
    BAD_ANSWER("BadAnswer"),
    /** The provider refused the query. */
    BAD_QUERY("BadQuery"),
    /** The provider refused our credentials. */
    CREDENTIALS_REJECTED("CredentialsRejected"),
    /** The provider sent us elsewhere; redirects are never followed. */
    REDIRECTED("Redirected"),
    /** The TLS connection could not be trusted. */
    TLS("Tls"),
    /** The provider warned that its answer is incomplete. */
    PARTIAL_DATA("PartialData"),
    /** The query gives a matrix or a string, not one number. */
    WRONG_TYPE("WrongType"),
    /** The query gives several series, not one. */
    MANY_SERIES("ManySeries"),
    /** The answer is empty or NaN. */
    NO_DATA("NoData"),
    /** The answer is infinite. */
    NOT_FINITE("NotFinite"),
    /** The sample is too old for its tick, or later than it. */
    STALE("Stale"),
    /** The provider's clock and ours disagree. */
    CLOCK_SKEW("ClockSkew"),
    /** A value that the metric cannot have: a negative counter, more errors than requests, a score above 1. */
    OUT_OF_DOMAIN("OutOfDomain"),
    /** The answer names too few of the pods that are ready. */
    COVERAGE("Coverage"),
    /** The query cannot tell the two versions apart. */
    INDISTINGUISHABLE("Indistinguishable"),
    /** The histogram has no bucket with the bound that the check names. */
    NO_BOUND("NoBound"),
    /** The candidate gets less than half of the requests that the route should give it. */
    SHARE_MISMATCH("ShareMismatch");

    private final String text;

    Blindness(String text) {
        this.text = text;
    }

    /** The name on the wire; unique. */
    public String text() {
        return text;
    }

    /**
     * The constant with this {@link #text()}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Blindness of(String text) {
        for (var blindness : values()) {
            if (blindness.text.equals(text)) {
                return blindness;
            }
        }
        throw new IllegalArgumentException("unknown blindness " + text);
    }
}
