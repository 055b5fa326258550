package dev.modelrollout.metrics.prometheus;

import dev.modelrollout.metrics.MetricSource;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How one Prometheus-compatible server is reached: the configuration below {@code modelrollout.providers."NAME"}. All
 * files are PEM or hold one line of text, and are read again when they change.
 *
 * @param url base URL, http or https; {@code /api/v1/query} is appended
 * @param timeout of a whole call, from the connection to the last byte; above 0
 * @param caFile trusted certificates, instead of the system's
 * @param tokenFile bearer token; excludes {@code username}
 * @param username basic auth, together with {@code passwordFile}
 * @param clientCertFile certificate chain for mTLS, together with {@code clientKeyFile}
 * @param clientKeyFile its private key, PKCS#8
 * @param headers sent with each request
 */
public record PrometheusProvider(
        String name,
        URI url,
        Duration timeout,
        @Nullable Path caFile,
        @Nullable Path tokenFile,
        @Nullable String username,
        @Nullable Path passwordFile,
        @Nullable Path clientCertFile,
        @Nullable Path clientKeyFile,
        Map<String, String> headers) {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final Set<String> CREDENTIAL_HEADERS = Set.of("Authorization", "Proxy-Authorization", "Cookie");

    /**
     * @throws IllegalArgumentException when the server must not be asked like this, above all when a credential would
     *     cross plain http to another host; the message names the configuration key, never a value
     */
    public PrometheusProvider {
        headers = Map.copyOf(headers);
        require(isBase(url), name, "url", "must be http(s)://HOST, without user, query and fragment");
        require(timeout.toMillis() > 0, name, "timeout", "must be at least 1 ms");
        require((username == null) == (passwordFile == null), name, "username", "and password-file need each other");
        require(tokenFile == null || username == null, name, "token-file", "excludes username");
        require(
                (clientCertFile == null) == (clientKeyFile == null),
                name,
                "client-cert-file",
                "and client-key-file need each other");
        require(
                isPrivate(url) || (tokenFile == null && username == null && !holdsCredential(headers)),
                name,
                "url",
                "must be https: credentials are not sent over plain http, except to loopback");
        for (var header : headers.entrySet()) {
            require(
                    isSendable(header.getKey(), header.getValue()),
                    name,
                    "headers",
                    "holds a name or a value that HTTP does not allow here");
        }
    }

    /**
     * A source that asks this server; it holds connections for as long as it is reachable.
     *
     * @param clock ours, to be compared with the server's
     * @param version of the operator, for the User-Agent
     * @throws IllegalArgumentException when a file cannot be used; the message names its configuration key
     */
    public MetricSource open(InstantSource clock, String version) {
        return new PrometheusSource(this, clock, version);
    }

    /** Shows the name alone: the URL and the headers are confidential. */
    @Override
    public String toString() {
        return "PrometheusProvider[" + name + "]";
    }

    /** The configuration key of a property of this provider. */
    String key(String property) {
        return key(name, property);
    }

    private static String key(String name, String property) {
        return "modelrollout.providers.\"" + name + "\"." + property;
    }

    private static void require(boolean condition, String name, String property, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(key(name, property) + " " + otherwise);
        }
    }

    private static boolean isBase(URI url) {
        return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                && url.getHost() != null
                && url.getRawUserInfo() == null
                && url.getRawQuery() == null
                && url.getRawFragment() == null;
    }

    private static boolean isPrivate(URI url) {
        return "https".equals(url.getScheme())
                || LOOPBACK.matcher(url.getHost()).matches();
    }

    private static boolean holdsCredential(Map<String, String> headers) {
        var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(headers.keySet());
        return CREDENTIAL_HEADERS.stream().anyMatch(names::contains);
    }

    private static boolean isSendable(String header, String value) {
        try {
            HttpRequest.newBuilder().setHeader(header, value);
            return true;
        } catch (IllegalArgumentException itsMessageShowsTheValue) {
            return false;
        }
    }
}
