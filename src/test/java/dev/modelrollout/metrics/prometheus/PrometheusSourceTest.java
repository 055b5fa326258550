package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Blindness.BAD_ANSWER;
import static dev.modelrollout.analysis.Blindness.BAD_QUERY;
import static dev.modelrollout.analysis.Blindness.CLOCK_SKEW;
import static dev.modelrollout.analysis.Blindness.CREDENTIALS_REJECTED;
import static dev.modelrollout.analysis.Blindness.MANY_SERIES;
import static dev.modelrollout.analysis.Blindness.NOT_FINITE;
import static dev.modelrollout.analysis.Blindness.NO_DATA;
import static dev.modelrollout.analysis.Blindness.OUT_OF_DOMAIN;
import static dev.modelrollout.analysis.Blindness.PARTIAL_DATA;
import static dev.modelrollout.analysis.Blindness.REDIRECTED;
import static dev.modelrollout.analysis.Blindness.SERVER_ERROR;
import static dev.modelrollout.analysis.Blindness.STALE;
import static dev.modelrollout.analysis.Blindness.TIMEOUT;
import static dev.modelrollout.analysis.Blindness.TOO_LARGE;
import static dev.modelrollout.analysis.Blindness.UNREACHABLE;
import static dev.modelrollout.analysis.Blindness.WRONG_TYPE;
import static dev.modelrollout.analysis.Question.Form.NUMBER;
import static dev.modelrollout.testing.StubServer.reply;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Series;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.metrics.MetricSourceContract;
import dev.modelrollout.testing.StubServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusSourceTest extends MetricSourceContract {

    private static final double NOW = TICK.getEpochSecond();
    private static final String ONE = vector(NOW, "1");
    private static final int MIB = 1024 * 1024;
    private static final Series POD_1 = new Series("chat", "chat-1", "10.0.0.1:80", "");
    private static final Series POD_2 = new Series("chat", "chat-2", "10.0.0.2:80", "");
    private static final Series SUM = new Series("", "", "", "");

    private final List<StubServer> servers = new ArrayList<>();

    @AfterEach
    void closeServers() {
        servers.forEach(StubServer::close);
    }

    @Override
    protected MetricSource answering(double value) {
        return source(reply(200, vector(NOW, Double.toString(value))));
    }

    @Override
    protected MetricSource counting(Series series, double value) {
        return source(reply(200, success("vector", "[" + counter(series, NOW, Double.toString(value)) + "]")));
    }

    @Override
    protected MetricSource recording(Series series, Map<Instant, Double> values) {
        var pairs = values.entrySet().stream()
                .map(entry -> pair(
                        entry.getKey().toEpochMilli() / 1000.0, entry.getValue().toString()))
                .toArray(String[]::new);
        return source(reply(200, success("matrix", "[" + record(series, pairs) + "]")));
    }

    @Override
    protected MetricSource empty() {
        return source(reply(200, success("vector", "[]")));
    }

    @Override
    protected MetricSource ambiguous() {
        return source(reply(200, success("vector", "[" + series("1") + "," + series("2") + "]")));
    }

    @Override
    protected MetricSource unreachable() {
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return source(URI.create("http://127.0.0.1:" + free.getLocalPort()), Duration.ofSeconds(5));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected MetricSource silent() {
        return source(connection -> connection.pause(30_000), Duration.ofSeconds(1));
    }

    @Override
    protected MetricSource failing() {
        return source(reply(500, ""));
    }

    @Override
    protected MetricSource endless() {
        return source(PrometheusSourceTest::writeForEver);
    }

    @Override
    protected MetricSource refusingQuery() {
        return source(reply(400, "{\"status\":\"error\",\"errorType\":\"bad_data\"}"));
    }

    @Override
    protected MetricSource refusingCredentials() {
        return source(reply(401, "", "WWW-Authenticate: Basic"));
    }

    private record Case(String sentence, StubServer.Script script, Answer answer) {

        Case(String sentence, StubServer.Script script, Blindness why) {
            this(sentence, script, new Answer.Missing(TICK, why));
        }

        Case(String sentence, StubServer.Script script, double value) {
            this(sentence, script, new Answer.Value(TICK, value));
        }

        Case(String sentence, String body, Blindness why) {
            this(sentence, reply(200, body), why);
        }

        Case(String sentence, String body, double value) {
            this(sentence, reply(200, body), value);
        }
    }

    private record Range(String sentence, String body, List<Answer> answers) {

        Range(String sentence, String body, Blindness why) {
            this(
                    sentence,
                    body,
                    TICKS.stream()
                            .<Answer>map(tick -> new Answer.Missing(tick, why))
                            .toList());
        }
    }

    @TestFactory
    Stream<DynamicTest> answersEachConnection() throws IOException {
        return run(
                new Case("a server that hangs up at once is unreachable", connection -> {}, UNREACHABLE),
                new Case("a reset in the body is unreachable", PrometheusSourceTest::resetInTheBody, UNREACHABLE),
                new Case("headers without a body time out", c -> hangAfterHead(c, 200), TIMEOUT),
                new Case("a byte now and then times out", PrometheusSourceTest::drip, TIMEOUT),
                new Case("what is not HTTP is a bad answer", c -> c.write("220 mail ready\r\n\r\n"), BAD_ANSWER),
                new Case("a body over 1 MiB is too large", reply(200, " ".repeat(MIB) + ONE), TOO_LARGE),
                new Case("a body of 1 MiB is not", reply(200, ONE + " ".repeat(MIB - ONE.length())), 1),
                new Case("a body of gzip is read", reply(200, gzip(ONE), "Content-Encoding: gzip"), 1),
                new Case("however its coding is written", reply(200, gzip(ONE), "Content-Encoding: GZip"), 1),
                new Case(
                        "as much of gzip as without",
                        reply(200, gzip(ONE + " ".repeat(MIB - ONE.length())), "Content-Encoding: gzip"),
                        1),
                new Case(
                        "and no more",
                        reply(200, gzip(ONE + " ".repeat(MIB - ONE.length() + 1)), "Content-Encoding: gzip"),
                        TOO_LARGE),
                new Case("a gzip bomb is too large", reply(200, bomb(), "Content-Encoding: gzip"), TOO_LARGE),
                new Case(
                        "a gzip bomb is not read to its end",
                        reply(200, Arrays.copyOf(bomb(), bomb().length / 2), "Content-Encoding: gzip"),
                        TOO_LARGE),
                new Case("a broken gzip is a bad answer", reply(200, ONE, "Content-Encoding: gzip"), BAD_ANSWER));
    }

    @TestFactory
    Stream<DynamicTest> answersEachStatus() {
        return Stream.concat(
                Map.ofEntries(
                                Map.entry(201, BAD_ANSWER),
                                Map.entry(300, REDIRECTED),
                                Map.entry(304, REDIRECTED),
                                Map.entry(400, BAD_QUERY),
                                Map.entry(401, CREDENTIALS_REJECTED),
                                Map.entry(403, CREDENTIALS_REJECTED),
                                Map.entry(404, BAD_ANSWER),
                                Map.entry(407, BAD_ANSWER),
                                Map.entry(422, BAD_QUERY),
                                Map.entry(429, SERVER_ERROR),
                                Map.entry(500, SERVER_ERROR),
                                Map.entry(503, SERVER_ERROR))
                        .entrySet()
                        .stream()
                        .flatMap(e ->
                                run(new Case(e.getKey() + " with an answer", reply(e.getKey(), ONE), e.getValue()))),
                run(
                        new Case("an endless 500 is not read", PrometheusSourceTest::failForEver, SERVER_ERROR),
                        new Case("nor waited for", c -> drip(c, 500), SERVER_ERROR)));
    }

    @TestFactory
    Stream<DynamicTest> answersEachBody() {
        return run(
                new Case("HTML with 200", "<html>log in</html>", BAD_ANSWER),
                new Case("an empty body", "", BAD_ANSWER),
                new Case("cut JSON", ONE.substring(0, ONE.length() - 2), BAD_ANSWER),
                new Case("two documents", ONE + ONE, BAD_ANSWER),
                new Case("a nest of arrays", "[".repeat(100_000), BAD_ANSWER),
                new Case("an error with data", ONE.replace("success", "error"), BAD_ANSWER),
                new Case("no data", "{\"status\":\"success\"}", BAD_ANSWER),
                new Case("a vector that is no list", success("vector", "{}"), BAD_ANSWER),
                new Case("a series without value", success("vector", "[{}]"), BAD_ANSWER),
                new Case("a value that is no text", success("scalar", "[1,2]"), BAD_ANSWER),
                new Case("a time that is no number", success("scalar", "[\"" + NOW + "\",\"1\"]"), BAD_ANSWER),
                new Case("two values", success("scalar", "[" + NOW + ",\"1\",\"2\"]"), BAD_ANSWER),
                new Case("a value that is no number", vector(NOW, "many"), BAD_ANSWER),
                new Case("a number beyond a double", vector(NOW, "1e400"), BAD_ANSWER),
                new Case("an unknown type", success("tensor", "[]"), BAD_ANSWER),
                new Case("a scalar", success("scalar", "[" + NOW + ",\"0.5\"]"), 0.5),
                new Case("a matrix", success("matrix", "[]"), WRONG_TYPE),
                new Case("a string", success("string", "[" + NOW + ",\"x\"]"), WRONG_TYPE),
                new Case("a native histogram", success("vector", "[{\"histogram\":[1,{}]}]"), WRONG_TYPE),
                new Case("NaN", vector(NOW, "NaN"), NO_DATA),
                new Case("Inf", vector(NOW, "+Inf"), NOT_FINITE),
                new Case("-Inf", vector(NOW, "-Inf"), NOT_FINITE),
                new Case("warnings", with("warnings"), PARTIAL_DATA),
                new Case("no warnings", ONE.replace("{\"status\"", "{\"warnings\":[],\"status\""), 1),
                new Case("infos", with("infos"), 1),
                new Case("a sample of a minute ago", vector(NOW - 60, "1"), 1),
                new Case("an older sample", vector(NOW - 60.1, "1"), STALE),
                new Case("a sample after the tick", vector(NOW + 0.1, "1"), STALE),
                new Case("many series", success("vector", "[" + "{},".repeat(2_500) + "{}]"), MANY_SERIES));
    }

    @TestFactory
    Stream<DynamicTest> answersEachVectorOfCounters() {
        return Stream.of(
                        counts("one process", counters(counter(POD_1, NOW, "3")), Map.of(POD_1, 3.0)),
                        counts(
                                "several label sets of a process are added up",
                                counters(counter(POD_1, NOW, "3"), counter(POD_1, NOW, "4")),
                                Map.of(POD_1, 7.0)),
                        counts(
                                "processes stay apart",
                                counters(counter(POD_1, NOW, "3"), counter(POD_2, NOW, "0")),
                                Map.of(POD_1, 3.0, POD_2, 0.0)),
                        counts(
                                "a pod that two jobs scrape counts once, whichever comes first",
                                counters(
                                        counter(POD_1, NOW, "3"),
                                        counter(new Series("a", "chat-1", "10.0.0.1:80", ""), NOW, "2"),
                                        counter(new Series("b", "chat-1", "10.0.0.1:80", ""), NOW, "1")),
                                Map.of(new Series("a", "chat-1", "10.0.0.1:80", ""), 2.0)),
                        counts(
                                "a pod that two jobs scrape counts once, without its port too",
                                counters(
                                        counter(new Series("b", "chat-1", "", ""), NOW, "3"),
                                        counter(new Series("a", "chat-1", "", ""), NOW, "2")),
                                Map.of(new Series("a", "chat-1", "", ""), 2.0)),
                        counts(
                                "two ports of a pod are two processes",
                                counters(
                                        counter(POD_1, NOW, "3"),
                                        counter(new Series("chat", "chat-1", "10.0.0.1:81", ""), NOW, "2")),
                                Map.of(POD_1, 3.0, new Series("chat", "chat-1", "10.0.0.1:81", ""), 2.0)),
                        counts(
                                "buckets of a process stay apart, and of one job",
                                counters(
                                        counter(bucket("chat", "1.0"), NOW, "3"),
                                        counter(bucket("chat", "+Inf"), NOW, "5"),
                                        counter(bucket("other", "1.0"), NOW, "2")),
                                Map.of(bucket("chat", "1.0"), 3.0, bucket("chat", "+Inf"), 5.0)),
                        counts(
                                "no labels",
                                counters("{\"metric\":{},\"value\":" + pair(NOW, "3") + "}"),
                                Map.of(SUM, 3.0)),
                        counts(
                                "sums of jobs count each",
                                counters(
                                        counter(new Series("a", "", "", ""), NOW, "3"),
                                        counter(new Series("b", "", "", ""), NOW, "4")),
                                Map.of(new Series("a", "", "", ""), 3.0, new Series("b", "", "", ""), 4.0)),
                        counts("a sample of a minute ago", counters(counter(POD_1, NOW - 60, "3")), Map.of(POD_1, 3.0)),
                        uncounted("an older one", counters(counter(POD_1, NOW - 60.1, "3")), STALE),
                        uncounted("one after the tick", counters(counter(POD_1, NOW + 0.1, "3")), STALE),
                        uncounted("no series", counters(), NO_DATA),
                        uncounted("NaN among others", spoilt("NaN"), BAD_ANSWER),
                        uncounted("Inf among others", spoilt("+Inf"), BAD_ANSWER),
                        uncounted("a negative one among others", spoilt("-1"), OUT_OF_DOMAIN),
                        uncounted(
                                "a negative one after NaN",
                                counters(counter(POD_1, NOW, "NaN"), counter(POD_2, NOW, "-1")),
                                BAD_ANSWER),
                        uncounted(
                                "a sum that no double can hold",
                                counters(counter(POD_1, NOW, "1e308"), counter(POD_1, NOW, "1e308")),
                                BAD_ANSWER),
                        uncounted("a value that is no number", spoilt("many"), BAD_ANSWER),
                        uncounted(
                                "a bound that is no number",
                                counters(
                                        counter(bucket("chat", "1.0"), NOW, "3").replace("1.0\"", "low\"")),
                                BAD_ANSWER),
                        uncounted("no label set", counters("{\"value\":" + pair(NOW, "3") + "}"), BAD_ANSWER),
                        uncounted("a vector that is no list", success("vector", "{}"), BAD_ANSWER),
                        uncounted("2,001 series", counters(many(2_001)), TOO_LARGE),
                        uncounted(
                                "warnings",
                                counters(counter(POD_1, NOW, "3"))
                                        .replace("{\"status\"", "{\"warnings\":[\"some text\"],\"status\""),
                                PARTIAL_DATA),
                        uncounted("a native histogram", counters("{\"metric\":{},\"histogram\":[1,{}]}"), WRONG_TYPE),
                        uncounted("a scalar", success("scalar", "[" + NOW + ",\"3\"]"), WRONG_TYPE),
                        uncounted("a matrix", success("matrix", "[]"), WRONG_TYPE),
                        uncounted("an unknown type", success("tensor", "[]"), BAD_ANSWER))
                .map(c -> dynamicTest(
                        c.sentence(),
                        () -> assertThat(ask(source(c.script()), COUNTERS)).isEqualTo(c.answer())));
    }

    @Test
    void takesTwoThousandSeries() {
        var answer = ask(source(reply(200, counters(many(2_000)))), COUNTERS);

        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Counters.class,
                        counters -> assertThat(counters.values()).hasSize(2_000));
    }

    @TestFactory
    Stream<DynamicTest> answersEachMatrix() {
        var good = record(POD_1, pair(NOW - 2, "1"), pair(NOW - 1, "2"), pair(NOW, "3"));
        var one = new Answer.Counters(TICKS.get(0), Map.of(POD_1, 1.0));
        var two = new Answer.Counters(TICKS.get(1), Map.of(POD_1, 2.0));
        var three = new Answer.Counters(TICK, Map.of(POD_1, 3.0));
        return Stream.of(
                        new Range("a value at each tick", matrix(good), List.of(one, two, three)),
                        new Range(
                                "a process that comes later",
                                matrix(good, record(POD_2, pair(NOW, "7"))),
                                List.of(one, two, new Answer.Counters(TICK, Map.of(POD_1, 3.0, POD_2, 7.0)))),
                        new Range(
                                "NaN spoils its tick",
                                matrix(good, record(POD_2, pair(NOW - 1, "NaN"), pair(NOW - 2, "-1"))),
                                List.of(
                                        new Answer.Missing(TICKS.get(0), OUT_OF_DOMAIN),
                                        new Answer.Missing(TICKS.get(1), BAD_ANSWER),
                                        three)),
                        new Range("nothing", matrix(), NO_DATA),
                        new Range("a value beside the ticks", matrix(good, record(POD_2, pair(NOW - 1.5, "1"))), STALE),
                        new Range(
                                "a value before the first tick",
                                matrix(good, record(POD_2, pair(NOW - 2.5, "1"))),
                                STALE),
                        new Range("2,001 series", matrix(many(2_001)), TOO_LARGE),
                        new Range("a series without values", matrix("{\"metric\":{}}"), BAD_ANSWER),
                        new Range("native histograms", matrix("{\"metric\":{},\"histograms\":[]}"), WRONG_TYPE),
                        new Range("a vector", counters(counter(POD_1, NOW, "3")), WRONG_TYPE),
                        new Range("cut JSON", matrix(good).substring(0, 100), BAD_ANSWER),
                        new Range(
                                "warnings",
                                matrix(good).replace("{\"status\"", "{\"warnings\":[\"some text\"],\"status\""),
                                PARTIAL_DATA))
                .map(c -> dynamicTest(
                        c.sentence(),
                        () -> assertThat(askRange(source(reply(200, c.body())))).isEqualTo(c.answers())));
    }

    @Test
    void asksForARange() throws IOException {
        var server = server(reply(200, matrix()));

        askRange(source(server.url(), Duration.ofSeconds(5)));

        assertThat(server.requests)
                .singleElement()
                .satisfies(
                        request -> assertThat(request)
                                .startsWith(
                                        "GET /api/v1/query_range?query=requests_total&start=1767225598.000"
                                                + "&end=1767225600.000&step=1000ms&timeout=5000ms&lookback_delta=60000ms HTTP/1.1\r\n"));
    }

    @TestFactory
    Stream<DynamicTest> comparesTheClocks() {
        return run(
                new Case("the same second", dated("Thu, 1 Jan 2026 00:00:00 GMT"), 1),
                new Case("2 s ahead", dated("Thu, 1 Jan 2026 00:00:02 GMT"), 1),
                new Case("3 s ahead", dated("Thu, 1 Jan 2026 00:00:03 GMT"), CLOCK_SKEW),
                new Case("up to 2 s behind, as the header is cut", dated(date(-3)), 1),
                new Case("over 3 s behind", dated(date(-4)), CLOCK_SKEW),
                new Case("a date that is none", dated("yesterday"), 1));
    }

    @Test
    void toleratesHalfAnIntervalOfSkew() throws IOException {
        var server = server(dated(date(30)));

        var answer = ask(
                source(server.url(), Duration.ofSeconds(5)), new Question("main", "up", Duration.ofMinutes(1), NUMBER));

        assertThat(answer).isEqualTo(new Answer.Value(TICK, 1));
        assertThat(ask(source(dated(date(31))), new Question("main", "up", Duration.ofMinutes(1), NUMBER)))
                .isEqualTo(new Answer.Missing(TICK, CLOCK_SKEW));
    }

    /** It may date it when it was asked, or when it answers. */
    @ParameterizedTest
    @ValueSource(ints = {0, 10})
    void aSlowAnswerIsNoSkew(int dated) throws IOException {
        var now = new AtomicReference<>(TICK);
        var server = server(connection -> {
            now.set(TICK.plusSeconds(10));
            dated(date(dated)).answer(connection);
        });

        assertThat(ask(source(server.url(), Duration.ofSeconds(20), now::get))).isEqualTo(new Answer.Value(TICK, 1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            429 | 30                            | 29  | 1
            429 | 30                            | 30  | 2
            503 | Thu, 1 Jan 2026 00:00:30 GMT  | 29  | 1
            503 | Thu, 1 Jan 2026 00:00:30 GMT  | 30  | 2
            429 | 999999999                     | 599 | 1
            429 | 999999999                     | 600 | 2
            429 | soon                          | 1   | 2
            429 | 99999999999999999999          | 1   | 2
            500 | 30                            | 1   | 2
            """)
    void keepsRetryAfter(int status, String retryAfter, int secondsLater, int requests) throws IOException {
        var server = server(reply(status, "", "Retry-After: " + retryAfter));
        var now = new AtomicReference<>(TICK);
        var source = source(server.url(), Duration.ofSeconds(5), now::get);

        assertBlind(source, SERVER_ERROR);
        now.set(TICK.plusSeconds(secondsLater));
        assertBlind(source, SERVER_ERROR);

        assertThat(server.requests).hasSize(requests);
    }

    @Test
    void keepsRetryAfterForNoOtherQuestion() throws IOException {
        var server = server(reply(429, "", "Retry-After: 30"));
        var source = source(server.url(), Duration.ofSeconds(5));

        assertBlind(source, SERVER_ERROR);
        ask(source, new Question("main", "another", Duration.ofSeconds(1), Question.Form.NUMBER));
        assertBlind(source, SERVER_ERROR);

        assertThat(server.requests).hasSize(2);
    }

    @Test
    void forgetsARetryAfterThatIsOver() throws IOException {
        var busy = reply(429, "", "Retry-After: 30");
        var server = server(
                connection -> (connection.request().contains("another") ? reply(200, ONE) : busy).answer(connection));
        var now = new AtomicReference<>(TICK);
        var source = source(server.url(), Duration.ofSeconds(5), now::get);

        assertBlind(source, SERVER_ERROR);
        assertThat(((PrometheusSource) source).waiting()).isEqualTo(1);
        now.set(TICK.plusSeconds(31));
        ask(source, new Question("main", "another", Duration.ofSeconds(1), NUMBER));

        assertThat(((PrometheusSource) source).waiting()).isZero();
    }

    @Test
    void followsNoRedirect() throws IOException {
        var elsewhere = server(reply(200, ONE));
        var server = server(reply(302, "", "Location: " + elsewhere.url() + "/api/v1/query"));

        assertBlind(source(server.url(), Duration.ofSeconds(5)), REDIRECTED);

        assertThat(elsewhere.requests).isEmpty();
    }

    @Test
    void hangsUpAtTheDeadline() throws Exception {
        var server = server(PrometheusSourceTest::drip);

        assertBlind(source(server.url(), Duration.ofMillis(300)), TIMEOUT);

        assertThat(server.wasHungUpOn()).isTrue();
    }

    @Test
    void hangsUpOnAnEndlessAnswer() throws Exception {
        var server = server(PrometheusSourceTest::writeForEver);

        assertBlind(source(server.url(), Duration.ofSeconds(20)), TOO_LARGE);

        assertThat(server.wasHungUpOn()).isTrue();
    }

    @Test
    void asksForTheTickWithinTheLookback() throws IOException {
        var server = server(reply(200, ONE));
        var base = URI.create(server.url() + "/prefix/");

        ask(source(base, Duration.ofSeconds(5)), new Question("main", "a{b=\"&cü\"}", Duration.ofMinutes(5), NUMBER));

        assertThat(server.requests)
                .singleElement()
                .satisfies(request -> assertThat(request)
                        .startsWith("GET /prefix/api/v1/query?query=a%7Bb%3D%22%26c%C3%BC%22%7D"
                                + "&time=1767225600.000&timeout=5000ms&lookback_delta=600000ms HTTP/1.1\r\n")
                        .contains("\r\nUser-Agent: modelrollout-operator/1.2.3\r\n")
                        .contains("\r\nAccept-Encoding: gzip\r\n")
                        .doesNotContain("Upgrade"));
    }

    @Test
    void postsALongQuery() throws IOException {
        var server = server(reply(200, ONE));

        ask(
                source(server.url(), Duration.ofSeconds(5)),
                new Question("main", "x".repeat(3_000), Duration.ofSeconds(1), NUMBER));

        assertThat(server.requests)
                .singleElement()
                .satisfies(request -> assertThat(request)
                        .startsWith("POST /api/v1/query HTTP/1.1\r\n")
                        .contains("\r\nContent-Type: application/x-www-form-urlencoded\r\n")
                        .endsWith("\r\n\r\nquery=" + "x".repeat(3_000)
                                + "&time=1767225600.000&timeout=5000ms&lookback_delta=60000ms"));
    }

    private Stream<DynamicTest> run(Case... cases) {
        return Stream.of(cases)
                .map(c -> dynamicTest(c.sentence(), () -> {
                    var timeout = c.answer().equals(new Answer.Missing(TICK, TIMEOUT)) ? 300 : 20_000;
                    var source = source(server(c.script()).url(), Duration.ofMillis(timeout));

                    assertThat(ask(source)).isEqualTo(c.answer());
                }));
    }

    private MetricSource source(StubServer.Script script) {
        return source(script, Duration.ofSeconds(20));
    }

    private MetricSource source(StubServer.Script script, Duration timeout) {
        try {
            return source(server(script).url(), timeout);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void two_answers_are_read_at_once_however_many_come() {
        var asked = new CountDownLatch(1);
        var source = source(connection -> {
            asked.await();
            reply(200, success("vector", "[" + "{},".repeat(10_000) + "{}]")).answer(connection);
        });
        var readers = ConcurrentHashMap.newKeySet();
        var answers = IntStream.range(0, 16)
                .mapToObj(i -> source.ask(new Question("main", "q" + i, Duration.ofSeconds(15), NUMBER), TICK)
                        .thenAccept(answer -> readers.add(Thread.currentThread())))
                .toArray(CompletableFuture<?>[]::new);
        asked.countDown();
        CompletableFuture.allOf(answers).join();

        assertThat(readers).hasSizeBetween(1, 2);
    }

    private static MetricSource source(URI url, Duration timeout) {
        return source(url, timeout, InstantSource.fixed(TICK));
    }

    private static MetricSource source(URI url, Duration timeout, InstantSource clock) {
        return new PrometheusProvider("main", url, timeout, null, null, null, null, null, null, Map.of())
                .open(clock, "1.2.3");
    }

    private StubServer server(StubServer.Script script) throws IOException {
        var server = new StubServer(script);
        servers.add(server);
        return server;
    }

    private static void hangAfterHead(StubServer.Connection connection, int status)
            throws IOException, InterruptedException {
        connection.head(status, "Content-Length: 100");
        connection.pause(30_000);
    }

    private static void drip(StubServer.Connection connection) throws IOException, InterruptedException {
        drip(connection, 200);
    }

    private static void drip(StubServer.Connection connection, int status) throws IOException, InterruptedException {
        connection.head(status, "Content-Length: 1000");
        while (connection.pause(20)) {
            connection.write(" ");
        }
    }

    private static void resetInTheBody(StubServer.Connection connection) throws IOException {
        connection.head(200, "Content-Length: 1000");
        connection.write(ONE);
        connection.reset();
    }

    private static void writeForEver(StubServer.Connection connection) throws IOException, InterruptedException {
        connection.head(200, "Content-Type: application/json");
        while (connection.pause(0)) {
            connection.write(" ".repeat(10_000));
        }
    }

    private static void failForEver(StubServer.Connection connection) throws IOException, InterruptedException {
        connection.head(500, "Content-Type: text/html");
        while (connection.pause(0)) {
            connection.write(" ".repeat(10_000));
        }
    }

    private static StubServer.Script dated(String date) {
        return reply(200, ONE, "Date: " + date);
    }

    private static String date(int secondsAhead) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                TICK.plusSeconds(secondsAhead).atOffset(ZoneOffset.UTC));
    }

    private static String success(String type, String result) {
        return "{\"status\":\"success\",\"data\":{\"resultType\":\"" + type + "\",\"result\":" + result + "}}";
    }

    private static String vector(double time, String value) {
        return success("vector", "[{\"metric\":{},\"value\":[" + time + ",\"" + value + "\"]}]");
    }

    private static String series(String value) {
        return "{\"metric\":{\"a\":\"" + value + "\"},\"value\":[" + NOW + ",\"" + value + "\"]}";
    }

    private static String with(String notes) {
        return ONE.replace("{\"status\"", "{\"" + notes + "\":[\"some text\"],\"status\"");
    }

    private static Case counts(String sentence, String body, Map<Series, Double> values) {
        return new Case(sentence, reply(200, body), new Answer.Counters(TICK, values));
    }

    private static Case uncounted(String sentence, String body, Blindness why) {
        return new Case(sentence, body, why);
    }

    private static Series bucket(String job, String le) {
        return new Series(job, "chat-1", "10.0.0.1:80", le);
    }

    private static String spoilt(String value) {
        return counters(counter(POD_1, NOW, "3"), counter(POD_2, NOW, value), counter(POD_1, NOW, "4"));
    }

    private static String[] many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> counter(new Series("chat", "chat-" + i, "", ""), NOW, "1"))
                .toArray(String[]::new);
    }

    private static String counters(String... elements) {
        return success("vector", "[" + String.join(",", elements) + "]");
    }

    private static String matrix(String... elements) {
        return success("matrix", "[" + String.join(",", elements) + "]");
    }

    private static String counter(Series series, double time, String value) {
        return "{\"metric\":" + labels(series) + ",\"value\":" + pair(time, value) + "}";
    }

    private static String record(Series series, String... pairs) {
        return "{\"metric\":" + labels(series) + ",\"values\":[" + String.join(",", pairs) + "]}";
    }

    private static String labels(Series series) {
        return Stream.of(
                        Map.entry("job", series.job()),
                        Map.entry("pod", series.pod()),
                        Map.entry("instance", series.instance()),
                        Map.entry("le", series.le()))
                .filter(label -> !label.getValue().isEmpty())
                .map(label -> "\"" + label.getKey() + "\":\"" + label.getValue() + "\"")
                .collect(joining(",", "{", "}"));
    }

    private static String pair(double time, String value) {
        return "[" + time + ",\"" + value + "\"]";
    }

    private static byte[] gzip(String text) throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return packed.toByteArray();
    }

    /** 100 MiB in about 100 KiB. */
    private static byte[] bomb() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            for (var i = 0; i < 100; i++) {
                gzip.write(new byte[MIB]);
            }
        }
        return packed.toByteArray();
    }
}
