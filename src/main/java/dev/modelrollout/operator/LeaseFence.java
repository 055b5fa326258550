package dev.modelrollout.operator;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets no write out once the Lease has not been renewed within its deadline. The election finds out between two of its
 * attempts only, and after a pause of the process no sooner than the rounds that were under way: by then a successor may
 * have written. And once the Lease itself is out this process ends, whatever the election waits for.
 */
@Singleton
final class LeaseFence implements Interceptor {

    /**
     * Where nobody can listen. An exception from here would be lost when the client repeats a request, and whoever waits
     * for the answer would wait for ever; a connection that fails is an error like any other.
     */
    static final URI NOWHERE = URI.create("http://127.0.0.1:0/the-lease-is-out");

    private final InstantSource clock;
    private final Executor whenItIsOut;
    private final Leadership leadership;
    private volatile Instant read = Instant.MIN;
    private volatile @Nullable Instant renewed;

    @Inject
    LeaseFence(InstantSource clock, Leadership leadership) {
        this(clock, delayedBy(Leadership.LEASE), leadership);
    }

    /**
     * @param clock must go on while the process is stopped, as the monotonic one does
     * @param whenItIsOut runs a task when a Lease that is renewed now is out
     */
    LeaseFence(InstantSource clock, Executor whenItIsOut, Leadership leadership) {
        this.clock = clock;
        this.whenItIsOut = whenItIsOut;
        this.leadership = leadership;
    }

    static Executor delayedBy(Duration lease) {
        return CompletableFuture.delayedExecutor(lease.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
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
            var renewal = read;
            renewed = renewal;
            whenItIsOut.execute(() -> endIfLast(renewal));
        }
    }

    private void endIfLast(Instant renewal) {
        if (renewal.equals(renewed)) {
            leadership.lost();
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
