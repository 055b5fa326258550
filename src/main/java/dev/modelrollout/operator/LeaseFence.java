package dev.modelrollout.operator;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets no write out once the Lease has not been renewed within its deadline. The election finds out between two of its
 * attempts only, and after a pause of the process no sooner than the rounds that were under way: by then a successor may
 * have written.
 */
@Singleton
final class LeaseFence implements Interceptor {

    /**
     * Where nobody can listen. An exception from here would be lost when the client repeats a request, and whoever waits
     * for the answer would wait for ever; a connection that fails is an error like any other.
     */
    static final URI NOWHERE = URI.create("http://127.0.0.1:0/the-lease-is-out");

    private final InstantSource clock;
    private volatile Instant read = Instant.MIN;
    private volatile @Nullable Instant renewed;

    /** The clock must go on while the process is stopped, as the monotonic one does. */
    LeaseFence(InstantSource clock) {
        this.clock = clock;
    }

    /** Who was never a leader has no lease to lose, nor anything to write. */
    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (isOfLease(request)) {
            read = isRead(request) ? clock.instant() : read;
        } else if (!isRead(request) && isOut()) {
            builder.uri(NOWHERE);
        }
    }

    /** A lease runs from its renewTime, which is taken before the lease is read. */
    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (isOfLease(request) && !isRead(request) && response.isSuccessful()) {
            renewed = read;
        }
    }

    private boolean isOut() {
        var last = renewed;
        return last != null && clock.instant().isAfter(last.plus(Leadership.RENEW_DEADLINE));
    }

    private static boolean isOfLease(HttpRequest request) {
        return request.uri().getPath().contains("/apis/coordination.k8s.io/");
    }

    private static boolean isRead(HttpRequest request) {
        return request.method().equals("GET");
    }
}
