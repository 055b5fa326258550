package dev.modelrollout.operator;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Ends an answer that stops in the middle: the client's own timeout covers the head only, and whoever waits for the body
 * would wait for ever. The caller gets an exception, as for a connection that breaks. Watches have a guard of their own.
 */
@Singleton
final class AnswerLimit implements Interceptor {

    /** A list may be large, and nobody waits for it. */
    private static final int LIST_FACTOR = 12;

    private static final Pattern COLLECTION =
            Pattern.compile(".*(/api/v1|/apis/[^/]+/[^/]+)(/namespaces/[^/]+)?/[^/]+");

    private final Duration limit;

    AnswerLimit() {
        this(KubernetesAccess.TIMEOUT);
    }

    /** @param limit from the head to the end of the body; of a list twelve times as long */
    AnswerLimit(Duration limit) {
        this.limit = limit;
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (response.body() instanceof AsyncBody body && !WatchGuard.isWatch(request)) {
            var ignored = body.done()
                    .orTimeout(limitOf(request).toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((done, failure) -> {
                        if (failure instanceof TimeoutException) {
                            body.cancel();
                        }
                    });
        }
    }

    Duration limitOf(HttpRequest request) {
        return request.method().equals("GET")
                        && COLLECTION.matcher(request.uri().getPath()).matches()
                ? limit.multipliedBy(LIST_FACTOR)
                : limit;
    }
}
