package dev.modelrollout.e2e.faults;

import dev.modelrollout.testing.ApiServer;
import dev.modelrollout.testing.Crds;
import dev.modelrollout.testing.QueryServer;
import dev.modelrollout.testing.Started;
import dev.modelrollout.testing.Surroundings;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * What a test with faults stands on:
 *
 * <pre>
 *   gateway, hands, recorder --> API server <-- proxy <-- replica --> Prometheus
 * </pre>
 *
 * <p>The logs of the replicas are in {@code target/e2e-faults}.
 */
final class Ground implements AutoCloseable {

    private static final Path LOGS = Path.of("target/e2e-faults");

    private final Started running = new Started();
    private final ExecutorService hands = Executors.newFixedThreadPool(8);
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Writers writers = new Writers();
    private final ApiServer server;
    private final Path scratch;
    private final Consumer<Look> audience;
    private final KubernetesClient client;
    private final Recorder recorder;
    private final URI prometheus;
    private final String leaseNamespace;

    /**
     * Everything but replicas.
     *
     * @param audience is told what is stored, at once; must be quick
     */
    Ground(ApiServer server, Path scratch, QueryServer.Numbers prometheus, Consumer<Look> audience) throws Exception {
        this.server = server;
        this.scratch = scratch;
        this.audience = audience;
        server.install(Crds.all());
        Files.createDirectories(LOGS);
        client = running.closing(new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.kubeconfig()))
                .build());
        recorder = running.closing(new Recorder(client, this::saw));
        running.closing((AutoCloseable) hands::shutdownNow);
        this.prometheus = running.closing(new QueryServer(prometheus)).url();
        leaseNamespace = server.newNamespace();
    }

    /** Runs from now on, and takes part in the one election of all replicas. */
    Replica replica(String name, Faults faults) throws Exception {
        return running.closing(new Replica(
                name,
                server.kubeconfig(),
                scratch,
                LOGS.resolve(name + ".log"),
                prometheus,
                leaseNamespace,
                faults,
                writers));
    }

    /** Works in a namespace of its own. */
    Hand newHand() {
        return new Hand(client, server.newNamespace());
    }

    Recorder recorder() {
        return recorder;
    }

    Writers writers() {
        return writers;
    }

    /** The name of the replica that holds the Lease; empty when none has had it. */
    String leader() {
        var lease = client.leases()
                .inNamespace(leaseNamespace)
                .withName("modelrollout-operator")
                .get();
        return lease == null ? "" : lease.getSpec().getHolderIdentity();
    }

    /** Done soon, by another thread. */
    void soon(Runnable work) {
        hands.execute(() -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                failures.add(e);
            }
        });
    }

    /** What went wrong in the test itself. */
    List<String> failures() {
        return failures.stream().map(failure -> "the test itself: " + failure).toList();
    }

    private void saw(Look look) {
        audience.accept(look);
        if (look.isRoute() && !look.isDeletion() && look.generation() > 1 && !isServed(look)) {
            soon(() -> Surroundings.serve(
                    client,
                    client.getKubernetesSerialization().convertValue(look.object(), GenericKubernetesResource.class)));
        }
    }

    private static boolean isServed(Look route) {
        return route.status().at("/parents/0/conditions/0/observedGeneration").asLong() == route.generation();
    }

    @Override
    public void close() throws Exception {
        running.close();
    }
}
