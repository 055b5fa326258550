package dev.modelrollout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.NeedsApiServer;
import dev.modelrollout.testing.OperatorProcess;
import dev.modelrollout.testing.QueryServer;
import dev.modelrollout.testing.Started;
import dev.modelrollout.testing.Surroundings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
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
    private OperatorProcess operator;
    private Path log;

    @BeforeEach
    void start(ApiServer server) throws IOException {
        server.install(Crds.all());
        client = server.client();
        namespace = server.newNamespace();
        log = scratch.resolve("operator.log");
        running.closing((AutoCloseable) gateway::shutdownNow);
        var prometheus = running.closing(new QueryServer((query, times) ->
                Optional.of(times.stream().map(time -> Map.of("{}", 0.01)).toList())));
        operator = running.closing(OperatorProcess.start(
                Files.writeString(scratch.resolve("kubeconfig"), server.kubeconfig()),
                prometheus.url(),
                Map.of(
                        "POD_NAME", POD,
                        "MODELROLLOUT_NAMESPACES", namespace,
                        "MODELROLLOUT_LEADER_ELECTION_ENABLED", "true",
                        "MODELROLLOUT_LEADER_ELECTION_NAMESPACE", namespace),
                log));
        operator.awaitReady();
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    @Test
    void it_releases_a_version() {
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
    }

    @Test
    void each_probe_tells_of_the_watches() throws Exception {
        await().atMost(CEILING).until(() -> operator.get("/q/health/live").contains(ROUTES));

        assertThat(operator.get("/q/health/live")).contains("watches alive").doesNotContain("watches open");
        assertThat(operator.get("/q/health/ready"))
                .contains("watches open", ROUTES)
                .doesNotContain("watches alive");
    }

    @Test
    void it_leads_by_the_name_of_its_pod_and_ends_when_another_one_does() throws Exception {
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
        return client.leases().inNamespace(namespace).withName("modelrollout-operator");
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
