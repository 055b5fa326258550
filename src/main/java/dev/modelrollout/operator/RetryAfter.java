package dev.modelrollout.operator;

import dev.modelrollout.reconcile.Backpressure;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Remembers {@code Retry-After} of a refusal (429, 503; RFC 9110, section 10.2.3) for the namespace that was refused: the
 * client's exception does not tell it, and its own repetition does not wait so long. A refused Event or Lease delays no
 * round.
 */
@Singleton
final class RetryAfter implements Interceptor, Backpressure {

    /** However long the API server asks to be left alone: a rollback may be due. */
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final Pattern SECONDS = Pattern.compile("\\d{1,4}");
    private static final Pattern OF_A_ROUND = Pattern.compile(".*/namespaces/([^/]+)/(?!events|leases).*");

    private final InstantSource clock;
    private final Map<String, Instant> until = new ConcurrentHashMap<>();

    RetryAfter(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        var path = OF_A_ROUND.matcher(request.uri().getPath());
        if ((response.code() == TOO_MANY_REQUESTS || response.code() == UNAVAILABLE) && path.matches()) {
            response.headers("Retry-After").stream()
                    .filter(SECONDS.asMatchPredicate())
                    .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)))
                    .findFirst()
                    .ifPresent(wait -> leaveAlone(path.group(1), wait));
        }
    }

    private void leaveAlone(String namespace, Duration wait) {
        var now = clock.instant();
        until.values().removeIf(now::isAfter);
        until.put(namespace, now.plus(wait.compareTo(LONGEST) < 0 ? wait : LONGEST));
    }

    @Override
    public Duration left(String namespace) {
        var now = clock.instant();
        var left = Duration.between(now, until.getOrDefault(namespace, now));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
