package dev.modelrollout.operator;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Tells a watch that has nothing to say from one that the network has swallowed. It gives each watch a short term, after
 * which the API server ends it and the client opens it anew: one that is not opened anew is dead.
 */
@Singleton
final class WatchGuard implements Interceptor {

    private static final Duration TERM = Duration.ofSeconds(100);
    private static final Duration UNREADY_AFTER = TERM.plusSeconds(50);

    /** The client itself gives a swallowed watch up after 5 to 10 minutes; a restart is faster, and costs nothing. */
    private static final Duration DEAD_AFTER = TERM.plusSeconds(140);

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final Pattern CLIENTS_TERM = Pattern.compile("timeoutSeconds=\\d+");

    private final InstantSource clock;
    private final Map<String, Instant> asked = new ConcurrentHashMap<>();
    private final Map<String, Instant> opened = new ConcurrentHashMap<>();

    WatchGuard(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (isWatch(request)) {
            asked.put(path(request), clock.instant());
            builder.uri(URI.create(
                    CLIENTS_TERM.matcher(request.uri().toString()).replaceFirst("timeoutSeconds=" + TERM.toSeconds())));
        }
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (isWatch(request) && response.code() == SWITCHING_PROTOCOLS) {
            opened.put(path(request), clock.instant());
        }
    }

    static boolean isWatch(HttpRequest request) {
        var query = request.uri().getQuery();
        return query != null && query.contains("watch=true");
    }

    private static String path(HttpRequest request) {
        return request.uri().getPath();
    }

    /** Red when a watch has not been opened for longer than its term: what is cached may be old. */
    @Produces
    @Readiness
    HealthCheck watchesOpen() {
        return () -> check("watches open", opened, UNREADY_AFTER);
    }

    /** Red when a watch is not even asked for any more; an API server that is away leaves it green. */
    @Produces
    @Liveness
    HealthCheck watchesAlive() {
        return () -> check("watches alive", asked, DEAD_AFTER);
    }

    private HealthCheckResponse check(String name, Map<String, Instant> times, Duration limit) {
        var now = clock.instant();
        var response = HealthCheckResponse.named(name).up();
        new TreeMap<>(times).forEach((path, time) -> {
            var age = Duration.between(time, now);
            response.withData(path, age.toSeconds() + "s ago");
            if (age.compareTo(limit) > 0) {
                response.down();
            }
        });
        return response.build();
    }
}
