package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Blindness.BAD_ANSWER;
import static dev.modelrollout.analysis.Blindness.SERVER_ERROR;
import static dev.modelrollout.analysis.Blindness.TIMEOUT;
import static dev.modelrollout.analysis.Blindness.TLS;
import static dev.modelrollout.analysis.Blindness.UNREACHABLE;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.metrics.MetricSource;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Asks one Prometheus-compatible server with instant and range queries. No text of an answer, query or URL leaves it. */
final class PrometheusSource implements MetricSource {

    private static final int MAX_URL_CHARS = 2 * 1024;

    /** For all sources: read, an answer takes thirty times its bytes, and a hostile tenant may have many at once. */
    private static final Executor TWO_AT_A_TIME = Executors.newFixedThreadPool(2, task -> {
        var thread = new Thread(task, "answers");
        thread.setDaemon(true);
        return thread;
    });

    private final PrometheusProvider provider;
    private final InstantSource clock;
    private final String userAgent;
    private final String api;
    private final Reloaded<HttpClient> http;
    private final Reloaded<Optional<Secret>> authorization;
    /** By question: a server that limits one tenant's query must not blind the others. */
    private final Map<Question, Instant> notBefore = new ConcurrentHashMap<>();

    PrometheusSource(PrometheusProvider provider, InstantSource clock, String version) {
        this.provider = provider;
        this.clock = clock;
        this.userAgent = "modelrollout-operator/" + version;
        var base = provider.url().toASCIIString();
        this.api = (base.endsWith("/") ? base : base + "/") + "api/v1/";
        this.http = http(provider);
        this.authorization = authorization(provider);
    }

    @Override
    public CompletableFuture<Answer> ask(Question question, Instant tick) {
        return answers(new Call(question, List.of(tick))).thenApply(answers -> answers.get(0));
    }

    @Override
    public CompletableFuture<List<Answer>> askRange(Question question, List<Instant> ticks) {
        return answers(new Call(question, ticks));
    }

    private CompletableFuture<List<Answer>> answers(Call call) {
        var asked = clock.instant();
        if (asked.isBefore(notBefore.getOrDefault(call.question(), Instant.MIN))) {
            return CompletableFuture.completedFuture(call.missing(SERVER_ERROR));
        }
        var exchange = http.current().sendAsync(request(call), Reply::body);
        return exchange.handleAsync(
                        (response, failure) -> response == null
                                ? call.missing(why(failure))
                                : answers(new Reply(call, asked, clock.instant(), response)),
                        TWO_AT_A_TIME)
                .completeOnTimeout(call.missing(TIMEOUT), provider.timeout().toMillis(), MILLISECONDS)
                .whenComplete((answers, none) -> exchange.cancel(true));
    }

    private List<Answer> answers(Reply reply) {
        notBefore.values().removeIf(reply.answered()::isAfter);
        reply.retryAfter().ifPresent(at -> notBefore.put(reply.call().question(), at));
        return reply.answers();
    }

    /** How many questions are not to be asked yet, as far as anybody has looked. */
    int waiting() {
        return notBefore.size();
    }

    private HttpRequest request(Call call) {
        var form = call.form(provider.timeout());
        var endpoint = api + call.path();
        var url = endpoint + "?" + form;
        var request = url.length() <= MAX_URL_CHARS
                ? HttpRequest.newBuilder(URI.create(url))
                : HttpRequest.newBuilder(URI.create(endpoint))
                        .POST(BodyPublishers.ofString(form))
                        .setHeader("Content-Type", "application/x-www-form-urlencoded");
        provider.headers().forEach(request::setHeader);
        authorization.current().ifPresent(secret -> request.setHeader("Authorization", secret.value()));
        return request.setHeader("User-Agent", userAgent)
                .setHeader("Accept-Encoding", "gzip")
                .build();
    }

    private static Blindness why(Throwable failure) {
        if (isCausedBy(failure, SSLException.class)) {
            return TLS;
        }
        if (isCausedBy(failure, HttpTimeoutException.class)) {
            return TIMEOUT;
        }
        return isCausedBy(failure, ProtocolException.class) ? BAD_ANSWER : UNREACHABLE;
    }

    private static boolean isCausedBy(Throwable failure, Class<? extends IOException> kind) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).anyMatch(kind::isInstance);
    }

    private static Reloaded<HttpClient> http(PrometheusProvider provider) {
        var ca = provider.caFile();
        var chain = provider.clientCertFile();
        var key = provider.clientKeyFile();
        return new Reloaded<>(
                provider.key("ca-file, client-cert-file or client-key-file"),
                Stream.of(ca, chain, key).flatMap(Stream::ofNullable).toList(),
                texts -> {
                    var text = texts.iterator();
                    return client(
                            provider,
                            Tls.context(
                                    ca == null ? null : text.next(),
                                    chain == null ? null : text.next(),
                                    key == null ? null : text.next()));
                });
    }

    /** Follows no redirect, takes no proxy, and trusts nobody whom {@code tls} does not. */
    static HttpClient client(PrometheusProvider provider, SSLContext tls) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(provider.timeout())
                .sslContext(tls)
                .sslParameters(Tls.strict())
                .build();
    }

    private static Reloaded<Optional<Secret>> authorization(PrometheusProvider provider) {
        var token = provider.tokenFile();
        var password = provider.passwordFile();
        if (token != null) {
            return new Reloaded<>(
                    provider.key("token-file"), List.of(token), texts -> Optional.of(Secret.bearer(texts.get(0))));
        }
        if (password != null) {
            return new Reloaded<>(
                    provider.key("password-file"),
                    List.of(password),
                    texts -> Optional.of(Secret.basic(String.valueOf(provider.username()), texts.get(0))));
        }
        return new Reloaded<>(provider.key("token-file"), List.of(), texts -> Optional.empty());
    }
}
