package dev.modelrollout.operator;

import static dev.modelrollout.testing.StubServer.reply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelrollout.analysis.Question;
import dev.modelrollout.testing.Identity;
import dev.modelrollout.testing.StubServer;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the configuration to the request that a Prometheus sees. */
class WiringTest {

    private static final String DEFAULT = "modelrollout.providers.\"default\".";

    @TempDir
    private Path folder;

    @Test
    void what_is_left_out_has_the_documented_default() {
        var settings = settings(Map.of("url", "https://prometheus"));

        assertThat(settings.namespaces()).containsExactly("*");
        assertThat(settings.leaderElection().enabled()).isEmpty();
        assertThat(settings.providers().get("default"))
                .isNotNull()
                .returns(Duration.ofSeconds(5), Settings.Provider::timeout);
    }

    @Test
    void a_provider_is_asked_as_it_is_configured() throws Exception {
        var itself = Identity.issued(folder, "-ext", "san=ip:127.0.0.1");
        var operator = Identity.selfSigned(folder, "EC");
        try (var prometheus = new StubServer(itself.listen(operator), reply(200, "{}"))) {
            ask(Map.of(
                    "url", prometheus.url("https").toString(),
                    "timeout", "7s",
                    "ca-file", write("ca", itself.authorityPem()),
                    "client-cert-file", write("certificate", operator.certificatePem()),
                    "client-key-file", write("key", operator.keyPem()),
                    "token-file", write("token", "word"),
                    "headers.\"X-Scope-OrgID\"", "team"));

            assertThat(prometheus.requests)
                    .singleElement()
                    .asString()
                    .contains("timeout=7000ms", "Authorization: Bearer word", "X-Scope-OrgID: team");
        }
    }

    @Test
    void a_provider_is_asked_by_name_and_password() throws Exception {
        try (var prometheus = new StubServer(reply(200, "{}"))) {
            ask(Map.of(
                    "url", prometheus.url().toString(),
                    "username", "ann",
                    "password-file", write("password", "pass word")));

            assertThat(prometheus.requests)
                    .singleElement()
                    .asString()
                    .contains("Authorization: Basic YW5uOnBhc3Mgd29yZA==");
        }
    }

    private static void ask(Map<String, String> provider) throws InterruptedException {
        var answered = new CountDownLatch(1);
        try (var readings = new Wiring()
                .readings(settings(provider), InstantSource.system(), new OwnMetrics())
                .apply(follower -> answered.countDown())) {
            readings.follow(
                    "chat",
                    "serving",
                    Set.of(new Question("default", "up", Duration.ofMinutes(5), Question.Form.NUMBER)));
            assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static Settings settings(Map<String, String> provider) {
        var keys = new HashMap<String, String>();
        provider.forEach((key, value) -> keys.put(DEFAULT + key, value));
        return new SmallRyeConfigBuilder()
                .withMapping(Settings.class)
                .withSources(new PropertiesConfigSource(keys, "test", 100))
                .withDefaultValue("smallrye.config.mapping.validate-unknown", "false")
                .build()
                .getConfigMapping(Settings.class);
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
