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
import java.util.regex.Pattern;

/**
 * Remembers {@code Retry-After} of a refusal (429, 503; RFC 9110, section 10.2.3): the client keeps it within one
 * request only, and its exception does not tell it.
 */
@Singleton
final class RetryAfter implements Interceptor, Backpressure {

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int UNAVAILABLE = 503;
    private static final Pattern SECONDS = Pattern.compile("\\d{1,4}");

    private final InstantSource clock;
    private volatile Instant until = Instant.EPOCH;

    RetryAfter(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (response.code() == TOO_MANY_REQUESTS || response.code() == UNAVAILABLE) {
            response.headers("Retry-After").stream()
                    .filter(SECONDS.asMatchPredicate())
                    .findFirst()
                    .ifPresent(seconds -> until = clock.instant().plusSeconds(Long.parseLong(seconds)));
        }
    }

    @Override
    public Duration left() {
        var left = Duration.between(clock.instant(), until);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
