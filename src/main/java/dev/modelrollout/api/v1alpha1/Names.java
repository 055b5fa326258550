package dev.modelrollout.api.v1alpha1;

/** Patterns that several fields share. */
final class Names {

    static final String LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
    static final String SUBDOMAIN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";
    static final String DURATION = "^(30d|[12]?[0-9]d((1?[0-9]|2[0-3])h)?([1-5]?[0-9]m)?([1-5]?[0-9]s)?"
            + "|([0-9]{1,3}h)?([0-9]{1,5}m)?([0-9]{1,7}s)?)$";
    static final String DURATION_IN_BOUNDS = "self.contains('d') || duration(self) <= duration('720h')";
    static final String DURATION_MESSAGE = "must be at most 30d; write for example 30s, 5m, 24h or 1h30m";
    static final String NUMBER = "^-?[0-9]{1,12}(\\.[0-9]{1,12})?%?$";

    static final String MARGIN = "^[0-9]{1,6}(\\.[0-9]{1,12})?%?$";
    static final String QUANTITY_OF_TIME = "^[0-9]{1,9}(\\.[0-9]{1,9})?(s|ms|us)$";
    static final String PRESET = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?/[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
    static final String TELLS_APART = "self.matches('[$](version|deployment|service|pods|clusters)([^A-Za-z0-9_]|$)')";
    static final String TELLS_APART_MESSAGE = "names none of $version, $deployment, $service, $pods, $clusters: both"
            + " versions would get the same answer; put one of them into a label matcher";

    private Names() {}
}
