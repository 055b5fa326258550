package dev.modelrollout.operator;

import static dev.modelrollout.testing.StubServer.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modelrollout.analysis.Question;
import dev.modelrollout.analysis.Wanted;
import dev.modelrollout.api.v1alpha1.ModelRollout;
import dev.modelrollout.reconcile.ModelRolloutReconciler;
import dev.modelrollout.testing.Identity;
import dev.modelrollout.testing.StubServer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.config.Version;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.dependent.workflow.ManagedWorkflow;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.quarkiverse.operatorsdk.runtime.CRDGenerationInfo;
import io.quarkiverse.operatorsdk.runtime.DependentResourceSpecMetadata;
import io.quarkiverse.operatorsdk.runtime.QuarkusConfigurationService;
import io.quarkiverse.operatorsdk.runtime.QuarkusControllerConfiguration;
import io.quarkiverse.operatorsdk.runtime.QuarkusManagedWorkflow;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
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

    @Test
    void a_provider_that_must_not_be_asked_as_configured_is_named() {
        var settings = configured(Map.of("modelrollout.providers.\"other\".url", "https://prometheus?query"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Wiring().readings(settings, InstantSource.system(), new OwnMetrics()))
                .withMessageStartingWith("modelrollout.providers.\"other\".url ");
    }

    @Test
    void no_step_of_the_local_clock_moves_the_operators() {
        assertThat(new Wiring().clock()).isInstanceOf(AnchoredClock.class);
    }

    private static void ask(Map<String, String> provider) throws InterruptedException {
        var answered = new CountDownLatch(1);
        try (var readings = new Wiring()
                .readings(settings(provider), InstantSource.system(), new OwnMetrics())
                .apply(follower -> answered.countDown())) {
            readings.follow(
                    "chat",
                    "serving",
                    Wanted.everyTick(
                            Set.of(new Question("default", "up", Duration.ofMinutes(5), Question.Form.NUMBER))));
            assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void each_event_of_a_rollout_counts_in_the_namespaces_that_the_admin_names() {
        assertThat(registered(configured(Map.of("modelrollout.namespaces", "a,b"))))
                .returns(true, ControllerConfiguration::triggerReconcilerOnAllEvents)
                .returns(Set.of("a", "b"), its -> its.getInformerConfig().getNamespaces());
        assertThat(registered(configured(Map.of())))
                .returns(true, its -> its.getInformerConfig().watchAllNamespaces());
    }

    @Test
    void in_all_else_a_rollout_is_watched_as_it_was_generated() {
        var generated = new Generated().configuration;

        assertThat(registered(configured(Map.of())))
                .returns(generated.getName(), ControllerConfiguration::getName)
                .returns(generated.isGenerationAware(), ControllerConfiguration::isGenerationAware)
                .returns(7, its -> ((GenericRetry) its.getRetry()).getMaxAttempts())
                .returns(generated.maxReconciliationInterval(), ControllerConfiguration::maxReconciliationInterval)
                .returns(generated.getFinalizerName(), ControllerConfiguration::getFinalizerName)
                .returns(generated.fieldManager(), ControllerConfiguration::fieldManager);
    }

    private static ControllerConfiguration<?> registered(Settings settings) {
        var reconciler = new ModelRolloutReconciler(
                new Wiring().readings(settings, InstantSource.system(), new OwnMetrics()),
                InstantSource.system(),
                new OwnMetrics(),
                namespace -> Duration.ZERO,
                new ModelRolloutReconciler.Instance("test"));
        return new Wiring()
                .operator(new Generated(), reconciler, settings)
                .getRegisteredControllers()
                .iterator()
                .next()
                .getConfiguration();
    }

    /** What the build makes of the reconciler. */
    private static final class Generated implements QuarkusConfigurationService {

        private final QuarkusControllerConfiguration<ModelRollout> configuration = new QuarkusControllerConfiguration<>(
                InformerConfiguration.builder(ModelRollout.class).buildForController(),
                "modelrollout",
                false,
                ModelRolloutReconciler.class.getName(),
                new GenericRetry().setMaxAttempts(7),
                LinearRateLimiter.deactivatedRateLimiter(),
                Duration.ofMinutes(7),
                "example.com/finalizer",
                "fields",
                new QuarkusManagedWorkflow<>(null, List.of(), false),
                "modelrollouts.modelrollout.dev",
                ModelRollout.class);

        @Override
        @SuppressWarnings("unchecked")
        public <R extends HasMetadata> QuarkusControllerConfiguration<R> getConfigurationFor(Reconciler<R> reconciler) {
            return (QuarkusControllerConfiguration<R>) configuration;
        }

        @Override
        public Set<String> getKnownReconcilerNames() {
            return Set.of(configuration.getName());
        }

        @Override
        public Version getVersion() {
            return Version.UNKNOWN;
        }

        @Override
        public boolean shouldStartOperator() {
            return false;
        }

        @Override
        public boolean isAsyncStart() {
            return false;
        }

        @Override
        public CRDGenerationInfo getCRDGenerationInfo() {
            throw new UnsupportedOperationException();
        }

        @Override
        @SuppressWarnings("rawtypes")
        public DependentResourceSpecMetadata getDependentByName(String controller, String dependent) {
            throw new UnsupportedOperationException();
        }

        @Override
        @SuppressWarnings("rawtypes")
        public ManagedWorkflow workflowByName(String name) {
            throw new UnsupportedOperationException();
        }
    }

    private static Settings settings(Map<String, String> provider) {
        var keys = new HashMap<String, String>();
        provider.forEach((key, value) -> keys.put(DEFAULT + key, value));
        return configured(keys);
    }

    private static Settings configured(Map<String, String> keys) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
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
