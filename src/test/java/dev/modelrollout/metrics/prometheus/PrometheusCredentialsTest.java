package dev.modelrollout.metrics.prometheus;

import static dev.modelrollout.analysis.Question.Form.NUMBER;
import static dev.modelrollout.testing.StubServer.reply;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelrollout.analysis.Answer;
import dev.modelrollout.analysis.Blindness;
import dev.modelrollout.analysis.Question;
import dev.modelrollout.metrics.MetricSource;
import dev.modelrollout.testing.CapturedLog;
import dev.modelrollout.testing.Identity;
import dev.modelrollout.testing.StubServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class PrometheusCredentialsTest {

    private static final Instant TICK = Instant.parse("2026-01-01T00:00:00Z");
    private static final Answer ONE = new Answer.Value(TICK, 1);
    private static final Answer UNTRUSTED = new Answer.Missing(TICK, Blindness.TLS);
    private static final String BODY =
            "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[1767225600,\"1\"]}}";

    @TempDir
    private static Path folder;

    private static Identity server;
    private static Identity otherHost;
    private static Identity expired;
    private static Identity rsaClient;
    private static Identity ecClient;

    private final List<StubServer> servers = new ArrayList<>();

    @BeforeAll
    static void makeKeys() throws Exception {
        var san = "san=ip:127.0.0.1";
        server = Identity.issued(folder, "-ext", san);
        otherHost = Identity.issued(folder, "-ext", "san=ip:127.0.0.2,dns:elsewhere");
        expired = Identity.issued(folder, "-ext", san, "-startdate", "-10d", "-validity", "1");
        rsaClient = Identity.selfSigned(folder, "RSA", "-ext", san);
        ecClient = Identity.selfSigned(folder, "EC");
    }

    @AfterEach
    void closeServers() {
        servers.forEach(StubServer::close);
    }

    @Test
    void trustsTheConfiguredAuthority() throws Exception {
        var listening = serve(server.listen());

        assertThat(ask(https(listening).trusting(server))).isEqualTo(ONE);
    }

    @Test
    void trustsNoOther() throws Exception {
        var listening = serve(server.listen());

        assertThat(ask(https(listening).trusting(rsaClient))).isEqualTo(UNTRUSTED);
        assertThat(listening.requests).isEmpty();
    }

    @Test
    void trustsNoSelfSignedCertificateByDefault() throws Exception {
        var listening = serve(rsaClient.listen());

        assertThat(ask(https(listening))).isEqualTo(UNTRUSTED);
        assertThat(listening.requests).isEmpty();
    }

    @Test
    void trustsNoCertificateOfAnotherHost() throws Exception {
        var listening = serve(otherHost.listen());

        assertThat(ask(https(listening).trusting(otherHost))).isEqualTo(UNTRUSTED);
        assertThat(listening.requests).isEmpty();
    }

    @Test
    void trustsNoExpiredCertificate() throws Exception {
        var listening = serve(expired.listen());

        assertThat(ask(https(listening).trusting(expired))).isEqualTo(UNTRUSTED);
        assertThat(listening.requests).isEmpty();
    }

    @TestFactory
    Stream<DynamicTest> showsItsCertificate() {
        return Stream.of(rsaClient, ecClient)
                .map(client -> dynamicTest(client.algorithm(), () -> {
                    var listening = serve(server.listen(rsaClient, ecClient));

                    assertThat(ask(https(listening).trusting(server).as(client)))
                            .isEqualTo(ONE);
                }));
    }

    @Test
    void isRefusedWithoutCertificate() throws Exception {
        var listening = serve(server.listen(rsaClient));

        assertThat(ask(https(listening).trusting(server))).isEqualTo(UNTRUSTED);
        assertThat(listening.requests).isEmpty();
    }

    @Test
    void takesANewCertificateAuthorityOnceItIsWhole() throws Exception {
        var listening = serve(server.listen());
        var source = https(listening).trusting(server).open();

        write("ca.pem", "-----BEGIN CERTIFICATE-----\nhalf");
        var whileHalfWritten = ask(source);
        write("ca.pem", ecClient.certificatePem());
        var afterwards = ask(source);

        assertThat(List.of(whileHalfWritten, afterwards)).containsExactly(ONE, UNTRUSTED);
    }

    @TestFactory
    Stream<DynamicTest> takesANewPairOnlyOnceItsFilesBelongTogether() throws Exception {
        return Stream.of(ecClient, Identity.selfSigned(folder, "RSA"))
                .map(other -> dynamicTest("RSA, then " + other.algorithm(), () -> {
                    var listening = serve(server.listen(rsaClient, other));
                    var source = https(listening).trusting(server).as(rsaClient).open();

                    write("client.key", other.keyPem());
                    var whileTheyDoNot = ask(source);
                    write("client.pem", other.certificatePem());
                    var afterwards = ask(source);

                    assertThat(List.of(whileTheyDoNot, afterwards)).containsExactly(ONE, ONE);
                }));
    }

    @Test
    void trustsEachAuthorityOfAFile() throws Exception {
        var listening = serve(server.listen());

        assertThat(ask(https(listening).ca(server.authorityPem() + rsaClient.certificatePem())))
                .isEqualTo(ONE);
        assertThat(ask(https(listening).ca(rsaClient.certificatePem() + server.authorityPem())))
                .isEqualTo(ONE);
    }

    /** The client of the JDK sets the first itself, as long as a property of the machine does not forbid it. */
    @Test
    void comparesTheNameOfTheHostWhateverTheMachineSays() throws Exception {
        var strict = PrometheusSource.client(new Setup("https://host").provider(), Tls.context(null, null, null))
                .sslParameters();

        assertThat(strict.getEndpointIdentificationAlgorithm()).isEqualTo("HTTPS");
        assertThat(strict.getProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
    }

    @Test
    void takesNoProxy() throws Exception {
        var listening = serve(plain());
        var proxy = plain();
        var proxied = serve(proxy);
        var before = ProxySelector.getDefault();
        ProxySelector.setDefault(ProxySelector.of((InetSocketAddress) proxy.getLocalSocketAddress()));
        try {
            assertThat(ask(http(listening))).isEqualTo(ONE);
        } finally {
            ProxySelector.setDefault(before);
        }

        assertThat(proxied.requests).isEmpty();
    }

    @Test
    void sendsTheTokenThatIsInForce() throws Exception {
        var listening = serve(plain());
        var source = http(listening).token("first\n").open();

        ask(source);
        write("token", "");
        ask(source);
        Files.delete(folder.resolve("token"));
        ask(source);
        write("token", "second");
        ask(source);

        assertThat(listening.requests)
                .map(PrometheusCredentialsTest::authorization)
                .containsExactly("Bearer first", "Bearer first", "Bearer first", "Bearer second");
    }

    @Test
    void sendsNameAndPassword() throws Exception {
        var listening = serve(plain());

        ask(http(listening).password("ann", "pass word\n").open());

        assertThat(listening.requests)
                .map(PrometheusCredentialsTest::authorization)
                .containsExactly("Basic YW5uOnBhc3Mgd29yZA==");
    }

    @Test
    void takesTheFirstLineOfAFileAsItIs() throws Exception {
        var listening = serve(plain());

        ask(http(listening).token("first\nsecond line\n").open());
        ask(http(listening).password("änn", " päss \nmore").open());
        ask(http(listening).password("änn", " päss \r\n").open());

        assertThat(listening.requests)
                .map(PrometheusCredentialsTest::authorization)
                .containsExactly("Bearer first", "Basic w6RubjogcMOkc3Mg", "Basic w6RubjogcMOkc3Mg");
    }

    @Test
    void sendsConfiguredHeaders() throws Exception {
        var listening = serve(plain());

        ask(http(listening).header("X-Scope-OrgID", "team").open());

        assertThat(listening.requests).singleElement().asString().contains("\r\nX-Scope-OrgID: team\r\n");
    }

    private interface Given {
        Setup setup() throws IOException;
    }

    private record Refused(Given given, String message) {}

    @TestFactory
    Stream<DynamicTest> refusesASetupByItsKeyAlone() {
        var remote = new Setup("http://marker.example:9090");
        return Stream.of(
                        new Refused(() -> remote.token("marker"), "url must be https: credentials"),
                        new Refused(() -> remote.password("ann", "marker"), "url must be https: credentials"),
                        new Refused(() -> remote.header("cookie", "marker"), "url must be https: credentials"),
                        new Refused(() -> remote.header("authorization", "marker"), "url must be https: credentials"),
                        new Refused(
                                () -> remote.header("proxy-authorization", "marker"), "url must be https: credentials"),
                        new Refused(() -> new Setup("http://127.marker.example").token("marker"), "url must be https"),
                        new Refused(
                                () -> new Setup("http://127.0.0.1.marker.example").token("marker"),
                                "url must be https"),
                        new Refused(
                                () -> new Setup("http://localhost.marker.example").token("marker"),
                                "url must be https"),
                        new Refused(() -> new Setup("https://host").user("marker"), "username and password-file"),
                        new Refused(
                                () -> new Setup("https://host").certificate("marker"),
                                "client-cert-file and client-key-file"),
                        new Refused(() -> new Setup("https://marker@host"), "url must be http(s)://HOST"),
                        new Refused(() -> new Setup("https://host?marker"), "url must be http(s)://HOST"),
                        new Refused(() -> new Setup("https://host#marker"), "url must be http(s)://HOST"),
                        new Refused(() -> new Setup("https:///marker"), "url must be http(s)://HOST"),
                        new Refused(() -> new Setup("file:///marker"), "url must be http(s)://HOST"),
                        new Refused(() -> remote.header("X-A", "marker\n"), "headers holds"),
                        new Refused(() -> remote.header("Host", "marker"), "headers holds"),
                        new Refused(
                                () -> new Setup("https://marker").token("two words of marker"), "token-file cannot"),
                        new Refused(() -> new Setup("https://marker").password("ann", ""), "password-file cannot"),
                        new Refused(() -> new Setup("https://marker").ca("marker"), "ca-file, client-cert-file or"),
                        new Refused(
                                () -> new Setup("https://marker").as("marker", "marker"),
                                "ca-file, client-cert-file or"),
                        new Refused(
                                () -> new Setup("https://marker").token("m").password("a", "p"), "token-file excludes"))
                .map(it -> dynamicTest(
                        it.message(),
                        () -> assertThatIllegalArgumentException()
                                .isThrownBy(() -> it.given().setup().open())
                                .withNoCause()
                                .satisfies(e -> assertThat(e.getMessage())
                                        .startsWith("modelrollout.providers.\"main\"." + it.message())
                                        .doesNotContain("marker"))));
    }

    @Test
    void hasSomeTimeToAnswer() {
        var url = URI.create("https://host");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PrometheusProvider(
                        "main", url, Duration.ofNanos(1), null, null, null, null, null, null, Map.of()))
                .withMessage("modelrollout.providers.\"main\".timeout must be at least 1 ms");
    }

    @TestFactory
    Stream<DynamicTest> sendsCredentialsInTheClearToLoopbackAlone() {
        return Stream.of("http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1")
                .map(url -> dynamicTest(
                        url,
                        () -> assertThat(ask(new Setup(url).token("word").open()))
                                .isEqualTo(new Answer.Missing(TICK, Blindness.UNREACHABLE))));
    }

    @Test
    void showsNoSecret() {
        var setup = new Setup("https://marker").header("X-Key", "marker");

        assertThat(setup.provider()).hasToString("PrometheusProvider[main]");
        assertThat(Secret.bearer("marker")).hasToString("***");
    }

    @Test
    void logsABrokenFileOnceEachTimeAndNoSecret() throws Exception {
        var listening = serve(plain());
        var source = http(listening).token("marker").open();
        write("token", "a broken marker");
        var logged = new ArrayList<>(logged(() -> {
            ask(source, "marker");
            ask(source, "marker");
        }));
        write("token", "marker");
        ask(source);
        write("token", "another broken marker");
        logged.addAll(logged(() -> ask(source, "marker")));

        assertThat(logged)
                .filteredOn(line -> line.contains("CredentialUnreadable"))
                .hasSize(2)
                .allMatch(line -> line.contains("modelrollout.providers.\"main\".token-file"));
        assertThat(logged).noneMatch(line -> line.contains("marker"));
    }

    /** A provider in the making. */
    private record Setup(
            String url,
            @Nullable Path ca,
            @Nullable Path token,
            @Nullable String username,
            @Nullable Path password,
            @Nullable Path cert,
            @Nullable Path key,
            Map<String, String> headers) {

        Setup(String url) {
            this(url, null, null, null, null, null, null, Map.of());
        }

        Setup trusting(Identity signed) throws IOException {
            return ca(signed.authorityPem());
        }

        Setup ca(String pem) throws IOException {
            return new Setup(url, write("ca.pem", pem), token, username, password, cert, key, headers);
        }

        Setup token(String text) throws IOException {
            return new Setup(url, ca, write("token", text), username, password, cert, key, headers);
        }

        Setup password(String user, String text) throws IOException {
            return new Setup(url, ca, token, user, write("password", text), cert, key, headers);
        }

        Setup user(String user) {
            return new Setup(url, ca, token, user, password, cert, key, headers);
        }

        Setup certificate(String chain) throws IOException {
            return new Setup(url, ca, token, username, password, write("client.pem", chain), key, headers);
        }

        Setup as(Identity client) throws IOException {
            return as(client.certificatePem(), client.keyPem());
        }

        Setup as(String chain, String pem) throws IOException {
            return new Setup(
                    url, ca, token, username, password, write("client.pem", chain), write("client.key", pem), headers);
        }

        Setup header(String name, String value) {
            return new Setup(url, ca, token, username, password, cert, key, Map.of(name, value));
        }

        PrometheusProvider provider() {
            var timeout = Duration.ofSeconds(20);
            return new PrometheusProvider(
                    "main", URI.create(url), timeout, ca, token, username, password, cert, key, headers);
        }

        MetricSource open() {
            return provider().open(InstantSource.fixed(TICK), "1.2.3");
        }
    }

    private static Setup http(StubServer listening) {
        return new Setup(listening.url("http").toString());
    }

    private static Setup https(StubServer listening) {
        return new Setup(listening.url("https").toString());
    }

    private static Answer ask(Setup setup) {
        return ask(setup.open());
    }

    private static Answer ask(MetricSource source) {
        return ask(source, "up");
    }

    private static Answer ask(MetricSource source, String query) {
        var question = new Question("main", query, Duration.ofSeconds(1), NUMBER);
        return source.ask(question, TICK).orTimeout(30, SECONDS).join();
    }

    private static Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private StubServer serve(ServerSocket listening) {
        var server = new StubServer(listening, reply(200, BODY));
        servers.add(server);
        return server;
    }

    private static ServerSocket plain() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static String authorization(String request) {
        return request.lines()
                .filter(line -> line.startsWith("Authorization: "))
                .map(line -> line.substring("Authorization: ".length()))
                .findFirst()
                .orElse("none");
    }

    private static List<String> logged(Runnable work) {
        try (var log = new CapturedLog()) {
            work.run();
            return log.lines();
        }
    }
}
