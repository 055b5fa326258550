package dev.modelrollout.reconcile;

import static dev.modelrollout.testing.StubServer.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus;
import dev.modelrollout.api.v1alpha1.ModelRolloutStatus.CheckStatus;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.metrics.prometheus.PrometheusProvider;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.CapturedLog;
import dev.modelrollout.testing.Identity;
import dev.modelrollout.testing.NeedsApiServer;
import dev.modelrollout.testing.QueryServer;
import dev.modelrollout.testing.StubServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Prometheus can do wrong, and what each kind of check makes of it: one rollout with a check of each kind stands at
 * 25 %, and its metrics come over HTTP from a server that misbehaves in one way after the other.
 */
@Tag("e2e")
@NeedsApiServer
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrometheusFaultsTest {

    /** In each answer, so that it would be found where answers must not be shown. */
    private static final String MARK = "n0t-for-y0u";

    private static final Duration TIMEOUT = Duration.ofMillis(700);
    private static final int MIB = 1024 * 1024;
    private static final Pattern VALUE = Pattern.compile("\"([0-9.E]+)\"]");

    private static final String CHECKS = """
            analysis: {interval: 1s, warmup: 0s, checks: [
              {name: max, max: "0.5", query: 'rate{deployment="$deployment"}'},
              {name: worse, worseThanStable: "1", query: 'rate{deployment="$deployment"}'},
              {name: plain-preset, preset: vllm/kv-cache},
              {name: counts, max: 5%, counts: {bad: 'sum by (job, pod, instance) (bad_total{d="$deployment"})',
                total: 'sum by (job, pod, instance) (requests_total{d="$deployment"})'}},
              {name: latency, max: 5%, slowerThan: 1s, latency: {buckets: 'seconds_bucket{d="$deployment"}'}},
              {name: score, min: "0.5", score: {sum: 'sum by (job, pod, instance) (score_sum{d="$deployment"})',
                count: 'sum by (job, pod, instance) (score_count{d="$deployment"})'}},
              {name: counts-preset, max: 5%, preset: triton/errors}]}""".replace("\n", "\n  ");

    private static final String COUNTS = """
            analysis: {interval: 1s, warmup: 0s, checks: [
              {name: counts, max: 5%, counts: {bad: 'sum by (job, pod, instance) (bad_total{d="$deployment"})',
                total: 'sum by (job, pod, instance) (requests_total{d="$deployment"})'}}]}""".replace("\n", "\n  ");

    private static final List<String> NUMBERS = List.of("max", "worse", "plain-preset");

    /** All checks, each question for both versions; two checks share theirs. */
    private static final int QUESTIONS = 18;

    private final CapturedLog log = new CapturedLog();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<AutoCloseable> towns = new ArrayList<>();
    private final AtomicBoolean isGone = new AtomicBoolean();
    private QueryServer prometheus;
    private MetricSource sound;
    private volatile MetricSource asked;
    private Identity stranger;
    private Town town;
    private Town stopping;
    private Town neverSeen;
    private Town quiet;

    @BeforeAll
    void riseToAQuarter(ApiServer server, @TempDir Path folder) throws Exception {
        stranger = Identity.issued(folder, "-ext", "san=ip:127.0.0.1");
        stopping = measured(server, (query, counted) -> isGone.get() && isOfCandidate(query) ? Map.of() : counted);
        neverSeen = measured(server, (query, counted) -> isOfCandidate(query) ? Map.of() : counted);
        quiet = measured(server, (query, counted) -> isOfCandidate(query) ? Map.of() : rare(counted));
        town = new Town(server);
        prometheus = new QueryServer((query, times) -> numbers(town, query, times));
        sound = source(prometheus.url());
        asked = sound;
        town.startOperator(new MetricSource() {
            @Override
            public CompletableFuture<Answer> ask(Question question, Instant tick) {
                return asked.ask(question, tick);
            }

            @Override
            public CompletableFuture<List<Answer>> askRange(Question question, List<Instant> ticks) {
                return asked.askRange(question, ticks);
            }
        });
        rise(town, CHECKS);
        awaitSight();
    }

    /** A town of its own, whose Prometheus shows what is left of the traffic. */
    private Town measured(ApiServer server, BiFunction<String, Map<String, Double>, Map<String, Double>> left)
            throws IOException {
        var one = new Town(server);
        var its = new QueryServer((query, times) -> numbers(one, query, times)
                .map(all ->
                        all.stream().map(counted -> left.apply(query, counted)).toList()));
        one.startOperator(source(its.url()));
        towns.addAll(List.of(one, its));
        rise(one, COUNTS);
        return one;
    }

    private static void rise(Town town, String checks) {
        town.applyChat("v1", checks);
        town.awaitReason("Live");
        town.applyChat("v2", checks, "steps: [{weight: 25, hold: 24h}]");
        town.awaitWeight(25);
    }

    private static boolean isOfCandidate(String query) {
        return query.contains("chat-v2");
    }

    /** A request in five seconds. */
    private static Map<String, Double> rare(Map<String, Double> counted) {
        var rare = new HashMap<String, Double>();
        counted.forEach((labels, count) -> rare.put(labels, Math.floor(count / 100_000)));
        return rare;
    }

    @AfterAll
    void end() throws Exception {
        towns.addAll(List.of(town, prometheus));
        for (var one : towns) {
            one.close();
        }
        log.close();
        assertNothingOfAnAnswerWasShown();
    }

    private void assertNothingOfAnAnswerWasShown() {
        var events =
                town.admin().v1().events().inNamespace(town.namespace()).list().getItems();

        assertThat(log.lines()).noneMatch(line -> line.contains(MARK));
        assertThat(town.rollout("chat").toString()).doesNotContain(MARK);
        assertThat(events).isNotEmpty().noneMatch(event -> event.toString().contains(MARK));
    }

    /** What each check says: {@code verdict} or {@code Blind(why)}. */
    private record Row(String answer, Fault fault, String ofNumbers, String ofCounters, Map<String, String> butFor) {

        Row(String answer, Fault fault, String of) {
            this(answer, fault, of, of, Map.of());
        }

        Row(String answer, Fault fault, String ofNumbers, String ofCounters) {
            this(answer, fault, ofNumbers, ofCounters, Map.of());
        }

        Map<String, String> expected() {
            return checks().collect(Collectors.toMap(
                    name -> name, name -> butFor.getOrDefault(name, NUMBERS.contains(name) ? ofNumbers : ofCounters)));
        }

        /** It is there before, too, so that two ticks have to show it. */
        boolean hasSight() {
            return expected().containsValue("sight");
        }

        private static Stream<String> checks() {
            return Stream.concat(NUMBERS.stream(), Stream.of("counts", "latency", "score", "counts-preset"));
        }
    }

    @TestFactory
    Stream<DynamicTest> no_answer() {
        return run(
                new Row("refused", at("http://127.0.0.1:" + freePort()), "Blind(Unreachable)"),
                new Row("no such host", at("http://prometheus.invalid:9090"), "Blind(Unreachable)"),
                new Row("a reset in the body", raw(PrometheusFaultsTest::resetInTheBody), "Blind(Unreachable)"),
                new Row("nothing", raw((server, sound) -> server.pause(30_000)), "Blind(Timeout)"),
                new Row("headers only", raw(PrometheusFaultsTest::headOnly), "Blind(Timeout)"),
                new Row("a byte now and then", raw(PrometheusFaultsTest::drip), "Blind(Timeout)"),
                new Row("a certificate that nobody vouches for", overTls(), "Blind(Tls)"));
    }

    @TestFactory
    Stream<DynamicTest> a_refusal() {
        return run(
                new Row("500", status(500), "Blind(ServerError)"),
                new Row("503", status(503), "Blind(ServerError)"),
                new Row("429", status(429), "Blind(ServerError)"),
                new Row("400", status(400), "Blind(BadQuery)"),
                new Row("422", status(422), "Blind(BadQuery)"),
                new Row("401", status(401), "Blind(CredentialsRejected)"),
                new Row("403", status(403), "Blind(CredentialsRejected)"),
                new Row("302", status(302, "Location: http://127.0.0.1:1/" + MARK), "Blind(Redirected)"),
                new Row("404", status(404), "Blind(BadAnswer)"));
    }

    @TestFactory
    Stream<DynamicTest> a_body_that_is_none() {
        return run(
                new Row("10 MB", body(sound -> sound + " ".repeat(10 * MIB)), "Blind(TooLarge)"),
                new Row("an endless one", raw(PrometheusFaultsTest::writeForEver), "Blind(TooLarge)"),
                new Row("a gzip bomb", raw(PrometheusFaultsTest::bomb), "Blind(TooLarge)"),
                new Row("HTML with 200", body(sound -> "<html>" + MARK + "</html>"), "Blind(BadAnswer)"),
                new Row("cut JSON", body(sound -> sound.substring(0, sound.length() / 2)), "Blind(BadAnswer)"),
                new Row("an error with data", body(sound -> sound.replace("success", "error")), "Blind(BadAnswer)"),
                new Row("two documents", body(sound -> sound + sound), "Blind(BadAnswer)"));
    }

    @TestFactory
    Stream<DynamicTest> data_that_is_not_what_was_asked_for() {
        return run(
                new Row("a matrix", type("matrix"), "Blind(WrongType)"),
                new Row("a string", type("string"), "Blind(WrongType)"),
                new Row("a scalar", scalar(), "sight", "Blind(WrongType)"),
                new Row("two series more", body(PrometheusFaultsTest::doubled), "Blind(ManySeries)", "sight"),
                new Row("3,000 series", body(PrometheusFaultsTest::manySeries), "Blind(ManySeries)", "Blind(TooLarge)"),
                new Row("warnings", noted("warnings"), "Blind(PartialData)"),
                new Row("infos", noted("infos"), "sight"),
                new Row("[]", body(sound -> sound.replaceAll("\"result\":.*", "\"result\":[]}}")), "Blind(NoData)"),
                new Row("NaN", values("NaN"), "Blind(NoData)", "Blind(BadAnswer)"),
                new Row("Inf", values("+Inf"), "Blind(NotFinite)", "Blind(BadAnswer)"),
                new Row("1e400", values("1e400"), "Blind(BadAnswer)"),
                new Row("negative counters", values("-3"), "sight", "Blind(OutOfDomain)"),
                new Row("a sample of 61 s ago", aged(61), "Blind(Stale)"),
                new Row("a sample of the next second", aged(-1), "Blind(Stale)"),
                new Row("a date 10 s ahead", dated(10), "Blind(ClockSkew)"),
                new Row("a date 10 s behind", dated(-10), "Blind(ClockSkew)"));
    }

    @TestFactory
    Stream<DynamicTest> numbers_that_cannot_be() {
        return run(
                new Row(
                        "more bad events than events",
                        of("bad_total|score_sum|failure\"", PrometheusFaultsTest::tenTimes),
                        "sight",
                        "Blind(OutOfDomain)",
                        Map.of("latency", "sight", "counts-preset", "sight")),
                new Row(
                        "a histogram without the bound",
                        body(sound -> sound.replace("\"le\":\"1.0\"", "\"le\":\"0.7\"")),
                        "sight",
                        "sight",
                        Map.of("latency", "Blind(NoBound)")),
                new Row(
                        "fewer processes than ready pods",
                        of("nv_inference", sound -> sound.replaceAll(",\\{\"metric\".*?\\]\\}", "")),
                        "sight",
                        "sight",
                        Map.of("counts-preset", "Blind(Coverage)")));
    }

    @Test
    void counters_of_the_candidate_that_were_there_and_are_gone_twice_are_harm() {
        stopping.awaitStatus(PrometheusFaultsTest::hasCounted);
        isGone.set(true);
        var status = stopping.awaitReason("TrafficMissing");

        assertThat(status.phase()).isEqualTo("RolledBack");
        assertThat(stopping.weights()).containsExactly(0, 25, 0);
    }

    private static boolean hasCounted(ModelRolloutStatus seen) {
        return StatusReader.orEmpty(seen.checks()).stream().anyMatch(check -> check.candidate() != null);
    }

    @Test
    void counters_of_the_candidate_that_never_came_are_blindness() {
        neverSeen.awaitStatus(seen -> verdicts(seen).equals(Map.of("counts", "Blind(NoData)")));

        assertThat(neverSeen.weights()).containsExactly(0, 25);
    }

    @Test
    void counters_of_the_candidate_are_not_missed_where_few_requests_are_due() {
        quiet.awaitStatus(PrometheusFaultsTest::hasCounted);
        quiet.applyChat("v2", COUNTS, "steps: [{weight: 25, hold: 24h}]", "paused: true");
        var status = quiet.awaitReason("Paused");

        assertThat(verdicts(status)).isEqualTo(Map.of("counts", "sight"));
        assertThat(quiet.weights()).containsExactly(0, 25);
    }

    private Stream<DynamicTest> run(Row... rows) {
        return Stream.of(rows)
                .map(row -> dynamicTest(row.answer(), () -> {
                    try (var server = row.fault().begin(this)) {
                        asked = server.source();
                        await(row.answer()).atMost(Town.CEILING).untilAsserted(() -> {
                            assertThat(server.asked()).isGreaterThanOrEqualTo(row.hasSight() ? 2 * QUESTIONS : 0);
                            assertThat(verdicts()).isEqualTo(row.expected());
                        });
                    } finally {
                        asked = sound;
                    }
                    awaitSight();
                    assertThat(town.weights()).containsExactly(0, 25);
                }));
    }

    private void awaitSight() {
        await().atMost(Town.CEILING)
                .untilAsserted(() -> assertThat(verdicts().values()).hasSize(7).containsOnly("sight"));
    }

    private Map<String, String> verdicts() {
        return verdicts(town.rollout("chat").getStatus());
    }

    private static Map<String, String> verdicts(ModelRolloutStatus seen) {
        return StatusReader.orEmpty(seen.checks()).stream()
                .collect(Collectors.toMap(CheckStatus::name, PrometheusFaultsTest::verdict));
    }

    /** Whether it is Safe yet is no matter here. */
    private static String verdict(CheckStatus check) {
        return switch (check.verdict()) {
            case "Blind" -> "Blind(" + check.blind() + ")";
            case "Safe", "Undecided" -> "sight";
            default -> check.verdict();
        };
    }

    // The sound server

    private static Optional<List<Map<String, Double>>> numbers(Town town, String query, List<Instant> times) {
        return Optional.of(
                times.stream().map(time -> numbers(town, query, time)).toList());
    }

    private static Map<String, Double> numbers(Town town, String query, Instant time) {
        if (query.startsWith("rate") || query.startsWith("max(")) {
            return Map.of(labels(Map.of("mark", MARK)), 0.2);
        }
        var version = query.contains("chat-v1") ? "chat-v1" : "chat-v2";
        var all = counters(town, "requests " + version, time);
        var bad = counters(town, "bad " + version, time);
        var values = new HashMap<String, Double>();
        all.forEach((series, count) -> {
            var failed = bad.getOrDefault(series, 0.0);
            if (query.contains("seconds_bucket")) {
                values.put(labels(series, "1.0"), count - failed);
                values.put(labels(series, "+Inf"), count);
            } else if (query.contains("score_sum")) {
                values.put(labels(series, ""), count - failed);
            } else {
                values.put(labels(series, ""), isOfBad(query) ? failed : count);
            }
        });
        return values;
    }

    private static boolean isOfBad(String query) {
        return query.contains("bad_total") || query.contains("request_failure{");
    }

    private static Map<Series, Double> counters(Town town, String query, Instant time) {
        var question = new Question("default", query, Duration.ofSeconds(1), Question.Form.COUNTERS);
        return town.traffic().answer(question, time).fold(value -> Map.of(), Answer.Counters::values, why -> Map.of());
    }

    private static String labels(Series series, String le) {
        var labels = new HashMap<>(
                Map.of("job", series.job(), "pod", series.pod(), "instance", series.instance(), "mark", MARK));
        if (!le.isEmpty()) {
            labels.put("le", le);
        }
        return labels(labels);
    }

    private static String labels(Map<String, String> labels) {
        return new TreeMap<>(labels)
                .entrySet().stream()
                        .map(label -> "\"" + label.getKey() + "\":\"" + label.getValue() + "\"")
                        .collect(Collectors.joining(",", "{", "}"));
    }

    private static MetricSource source(URI url) {
        return new PrometheusProvider("default", url, TIMEOUT, null, null, null, null, null, null, Map.of())
                .open(InstantSource.system(), "1.2.3");
    }

    // What it does wrong

    /** One way to misbehave. */
    private interface Fault {
        Misbehaving begin(PrometheusFaultsTest test) throws IOException, GeneralSecurityException;
    }

    /** A source that misbehaves until it is closed. */
    private record Misbehaving(
            MetricSource source, @Nullable StubServer server) implements AutoCloseable {
        int asked() {
            return server == null ? 0 : server.requests.size();
        }

        @Override
        public void close() {
            if (server != null) {
                server.close();
            }
        }
    }

    /** Writes something else than the sound answer. */
    private interface Wrong {
        void answer(StubServer.Connection server, String sound) throws IOException, InterruptedException;
    }

    private static Fault at(String url) {
        return test -> new Misbehaving(source(URI.create(url)), null);
    }

    private static Fault overTls() {
        return test -> {
            var server = new StubServer(test.stranger.listen(), reply(200, MARK));
            return new Misbehaving(source(server.url("https")), server);
        };
    }

    private static Fault raw(Wrong wrong) {
        return test -> {
            var server = new StubServer(connection -> wrong.answer(connection, test.sound(connection.request())));
            return new Misbehaving(source(server.url()), server);
        };
    }

    private static Fault status(int status, String... headers) {
        return raw((server, sound) -> reply(status, sound, headers).answer(server));
    }

    private static Fault body(UnaryOperator<String> spoilt) {
        return raw((server, sound) -> reply(200, spoilt.apply(sound)).answer(server));
    }

    /** Only the answers to these queries. */
    private static Fault of(String queries, UnaryOperator<String> spoilt) {
        var pattern = Pattern.compile(queries.replace("\"", "%22"));
        return raw((server, sound) -> reply(
                        200, pattern.matcher(server.request()).find() ? spoilt.apply(sound) : sound)
                .answer(server));
    }

    private static Fault type(String type) {
        return body(sound -> sound.replace("\"resultType\":\"vector\"", "\"resultType\":\"" + type + "\""));
    }

    private static Fault scalar() {
        return body(sound ->
                sound.replaceAll("\"vector\",\"result\":.*?\"value\":(\\[[^]]*]).*", "\"scalar\",\"result\":$1}}"));
    }

    private static Fault noted(String notes) {
        return body(sound -> sound.replace("{\"status\"", "{\"" + notes + "\":[\"" + MARK + "\"],\"status\""));
    }

    private static Fault values(String value) {
        return body(sound -> VALUE.matcher(sound).replaceAll("\"" + value + "\"]"));
    }

    private static Fault aged(int seconds) {
        return body(sound -> Pattern.compile("\"value\":\\[(\\d+)")
                .matcher(sound)
                .replaceAll(found -> "\"value\":[" + (Long.parseLong(found.group(1)) - seconds)));
    }

    private static Fault dated(int secondsAhead) {
        return raw((server, sound) -> reply(
                        200,
                        sound,
                        "Date: "
                                + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                        Instant.now().plusSeconds(secondsAhead).atOffset(ZoneOffset.UTC)))
                .answer(server));
    }

    private static String tenTimes(String sound) {
        return VALUE.matcher(sound).replaceAll(found -> "\"" + 1000 * Double.parseDouble(found.group(1)) + "\"]");
    }

    /** Two processes more, which came from nowhere. */
    private static String doubled(String sound) {
        var more = "{\"metric\":{\"pod\":\"%s\",\"instance\":\"x\",\"le\":\"%s\"},\"value\":[%s,\"0\"]}";
        var time = sound.replaceAll("(?s).*\"value\":\\[([0-9.]+),.*", "$1");
        return sound.replaceFirst(
                "\"result\":\\[",
                "\"result\":[" + more.formatted(MARK, "1.0", time) + "," + more.formatted(MARK, "+Inf", time) + ",");
    }

    private static String manySeries(String sound) {
        return sound.replaceFirst("\"result\":\\[", "\"result\":[" + "{\"metric\":{}},".repeat(3_000));
    }

    private static void headOnly(StubServer.Connection server, String sound) throws IOException, InterruptedException {
        server.head(200, "Content-Length: 100");
        server.pause(30_000);
    }

    private static void drip(StubServer.Connection server, String sound) throws IOException, InterruptedException {
        server.head(200, "Content-Length: 1000000");
        for (var next = 0; server.pause(20); next++) {
            server.write(sound.substring(next % sound.length(), next % sound.length() + 1));
        }
    }

    private static void resetInTheBody(StubServer.Connection server, String sound) throws IOException {
        server.head(200, "Content-Length: 1000000");
        server.write(sound);
        server.reset();
    }

    private static void writeForEver(StubServer.Connection server, String sound)
            throws IOException, InterruptedException {
        server.head(200, "Content-Type: application/json");
        while (server.pause(0)) {
            server.write(MARK.repeat(1_000));
        }
    }

    private static void bomb(StubServer.Connection server, String sound) throws IOException, InterruptedException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(sound.getBytes(UTF_8));
            gzip.write(" ".repeat(10 * MIB).getBytes(UTF_8));
        }
        reply(200, packed.toByteArray(), "Content-Encoding: gzip").answer(server);
    }

    private String sound(String request) throws IOException, InterruptedException {
        var path = request.split(" ", 3)[1];
        return http.send(HttpRequest.newBuilder(prometheus.url().resolve(path)).build(), BodyHandlers.ofString())
                .body();
    }

    private static int freePort() {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
