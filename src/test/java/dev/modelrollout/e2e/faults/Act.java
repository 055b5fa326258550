package dev.modelrollout.e2e.faults;

/** What the operator asks of the API server, by its kind. */
enum Act {
    ROUTE,
    STATUS,
    FINALIZER,
    LEASE,
    EVENT,
    WATCH,
    READ;

    static Act of(Message request) {
        if (!request.isWrite()) {
            return request.isWatch() ? WATCH : READ;
        }
        var path = request.path();
        if (path.contains("/leases")) {
            return LEASE;
        }
        if (path.contains("/events")) {
            return EVENT;
        }
        if (path.contains("/httproutes/")) {
            return ROUTE;
        }
        return path.endsWith("/status") ? STATUS : FINALIZER;
    }

    /** Namespace in the path of a request; empty if it has none. */
    static String namespace(Message request) {
        var parts = request.path().split("/namespaces/", 2);
        return parts.length < 2 ? "" : parts[1].replaceFirst("/.*", "");
    }
}
