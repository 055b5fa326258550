package dev.modelrollout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelrollout.chart.Chart;
import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.Kubeconfig;
import dev.modelrollout.testing.NeedsApiServer;
import dev.modelrollout.testing.OperatorProcess;
import dev.modelrollout.testing.QueryServer;
import dev.modelrollout.testing.Started;
import dev.modelrollout.testing.Surroundings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is shipped: that its parts find each other, which no test of the parts can tell. */
@NeedsApiServer
class PackagedOperatorIT {

    private static final Duration CEILING = Duration.ofSeconds(60);
    private static final String POD = "modelrollout-0";
    private static final int SIGTERM = 15;
    private static final String ROUTES = "httproutes";

    @TempDir
    private Path scratch;

    private final Started running = new Started();
    private final ExecutorService gateway = Executors.newSingleThreadExecutor();
    private KubernetesClient client;
    private String namespace;
    private String home;
    private OperatorProcess operator;
    private Path log;

    @BeforeEach
    void start(ApiServer server) throws IOException {
        server.install(Crds.all());
        client = server.client();
        namespace = server.newNamespace();
        home = server.newNamespace();
        log = scratch.resolve("operator.log");
        running.closing((AutoCloseable) gateway::shutdownNow);
        var prometheus = running.closing(new QueryServer((query, times) ->
                Optional.of(times.stream().map(time -> Map.of("{}", 0.01)).toList())));
        install(object -> !isRight(object));
        operator = running.closing(OperatorProcess.start(
                Files.writeString(scratch.resolve("kubeconfig"), Kubeconfig.of(client, home, "modelrollout")),
                prometheus.url(),
                Map.of(
                        "POD_NAME", POD,
                        "MODELROLLOUT_NAMESPACES", namespace,
                        "MODELROLLOUT_LEADER_ELECTION_ENABLED", "true",
                        "MODELROLLOUT_LEADER_ELECTION_NAMESPACE", home),
                log));
    }

    /** The chart's, for one namespace. */
    private void install(Predicate<HasMetadata> which) {
        var values = "namespaces: [%s]".formatted(namespace);
        Chart.render(values, home).objects().stream()
                .filter(object -> object.getKind().equals("ServiceAccount") || isRight(object))
                .filter(which)
                .forEach(object -> client.resource(object).create());
    }

    private static boolean isRight(HasMetadata object) {
        return object.getKind().startsWith("Role");
    }

    private void allow() throws IOException {
        install(PackagedOperatorIT::isRight);
        operator.awaitReady();
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    @Test
    void it_releases_a_version_with_the_rights_of_the_chart() throws Exception {
        allow();
        Surroundings.create(client, namespace, "chat");
        running.closing(client.genericKubernetesResources("gateway.networking.k8s.io/v1", "HTTPRoute")
                .inNamespace(namespace)
                .watch(new Gateway()));
        client.resource("""
                        apiVersion: modelrollout.dev/v1alpha1
                        kind: ModelRollout
                        metadata: {name: chat}
                        spec:
                          route: {name: chat}
                          versions: [{name: v1, deployment: chat-v1}, {name: v2, deployment: chat-v2}]
                          target: v2
                          steps: [{weight: 50, hold: 0s}]
                          analysis:
                            interval: 1s
                            warmup: 0s
                            checks: [{name: errors, query: 'errors{deployment="$deployment"}', max: "0.05"}]
                        """).inNamespace(namespace).create();

        await().atMost(CEILING).until(() -> "v2".equals(rollout().get().<String>get("status", "live")));

        assertThat(operator.metrics()).contains("modelrollout_phase{", "modelrollout_source_requests_total{");
        await().atMost(CEILING)
                .untilAsserted(() -> assertThat(client.events()
                                .v1()
                                .events()
                                .inNamespace(namespace)
                                .list()
                                .getItems())
                        .isNotEmpty()
                        .allMatch(event -> event.getReportingInstance().equals(POD)));
    }

    @Test
    void it_waits_for_its_rights() throws Exception {
        await().atMost(CEILING).until(() -> Files.readString(log).contains("Forbidden"));

        allow();
        await().atMost(CEILING).until(() -> Files.readString(log).contains("Management interface listening"));

        assertThat(Files.readString(log)).doesNotContain("Listening on: http");
    }

    @Test
    void each_probe_tells_of_the_watches() throws Exception {
        allow();
        await().atMost(CEILING).until(() -> operator.get("/q/health/live").contains(ROUTES));

        assertThat(operator.get("/q/health/live")).contains("watches alive").doesNotContain("watches open");
        assertThat(operator.get("/q/health/ready"))
                .contains("watches open", ROUTES)
                .doesNotContain("watches alive");
    }

    @Test
    void it_leads_by_the_name_of_its_pod_and_ends_when_another_one_does() throws Exception {
        allow();
        awaitLead();
        lease().edit(lease -> new LeaseBuilder(lease)
                .editSpec()
                .withHolderIdentity("another")
                .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                .withLeaseDurationSeconds(60)
                .endSpec()
                .build());

        assertThat(operator.awaitExit()).isEqualTo(1);
        assertThat(Files.readString(log)).contains("the Lease is lost");
    }

    @Test
    void it_loses_no_lease_when_it_is_stopped() throws Exception {
        allow();
        awaitLead();
        operator.signal("TERM");

        assertThat(operator.awaitExit()).isEqualTo(128 + SIGTERM);
        assertThat(Files.readString(log)).contains("stopped in").doesNotContain("the Lease is lost");
    }

    private Resource<GenericKubernetesResource> rollout() {
        return client.genericKubernetesResources("modelrollout.dev/v1alpha1", "ModelRollout")
                .inNamespace(namespace)
                .withName("chat");
    }

    private Resource<Lease> lease() {
        return client.leases().inNamespace(home).withName("modelrollout-operator");
    }

    private void awaitLead() {
        await().atMost(CEILING)
                .until(() -> Optional.ofNullable(lease().get())
                        .filter(lease -> POD.equals(lease.getSpec().getHolderIdentity()))
                        .isPresent());
    }

    /** Serves each route as it is written. */
    private final class Gateway implements Watcher<GenericKubernetesResource> {

        private long served;

        @Override
        public void eventReceived(Action action, GenericKubernetesResource route) {
            if (route.getMetadata().getGeneration() > served) {
                served = route.getMetadata().getGeneration();
                gateway.execute(() -> Surroundings.serve(client, route));
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            // the story does not end then
        }
    }
}
