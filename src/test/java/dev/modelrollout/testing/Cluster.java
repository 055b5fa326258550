package dev.modelrollout.testing;

import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A cluster without containers: API server, controllers, nodes on which pods only seem to run, and the Gateway
 * {@code default/testbed}. A Service whose clusterIP is in 127.77.0.0/16 is played by whoever listens there. See
 * {@link NeedsCluster}.
 */
public final class Cluster implements AutoCloseable {

    private static final Path SCRIPT = Path.of(System.getenv().getOrDefault(ClusterCondition.SCRIPTS, ""), "apiserver");
    private static final Path KUBECTL = Path.of(System.getenv().getOrDefault(ClusterCondition.PROGRAMS, ""), "kubectl");
    private static final String LOG = "cluster.log";

    private final Path folder;
    private final URI gateway;
    private final KubernetesClient client;

    private Cluster(Path folder, URI gateway, KubernetesClient client) {
        this.folder = folder;
        this.gateway = gateway;
        this.client = client;
    }

    /**
     * Starts it, and first ends one that an earlier run left behind in this folder.
     *
     * @param folder for logs and data; below it, {@code cluster} is emptied
     * @throws AssertionError if it does not start
     */
    public static Cluster start(Path folder) throws IOException {
        var data = folder.resolve("cluster");
        var port = Loopback.freePort();
        stop(folder);
        run(
                folder,
                List.of(
                        SCRIPT.toString(),
                        "start",
                        "--data",
                        data.toString(),
                        "--controllers",
                        "--gateway",
                        "" + port));
        var config = Config.fromKubeconfig(data.resolve("kubeconfig").toFile());
        return new Cluster(
                folder,
                URI.create("http://127.0.0.1:" + port),
                new KubernetesClientBuilder().withConfig(config).build());
    }

    /** Ends the processes that a start in this folder began; does nothing if there are none. */
    public static void stop(Path folder) {
        run(
                folder,
                List.of(
                        SCRIPT.toString(),
                        "stop",
                        "--data",
                        folder.resolve("cluster").toString()));
    }

    /** May do anything. */
    public KubernetesClient client() {
        return client;
    }

    /** Where the Gateway answers, without a slash at the end. */
    public URI gateway() {
        return gateway;
    }

    /** Runs kubectl with all rights; what it prints goes to the log. */
    public void kubectl(String... arguments) {
        var command = new ArrayList<>(List.of(
                KUBECTL.toString(),
                "--kubeconfig",
                folder.resolve("cluster/kubeconfig").toString()));
        command.addAll(List.of(arguments));
        run(folder, command);
    }

    /** Writes a kubeconfig with the rights of this ServiceAccount and no others, good for an hour. */
    public Path kubeconfigOf(String namespace, String serviceAccount) throws IOException {
        var token = client.serviceAccounts()
                .inNamespace(namespace)
                .withName(serviceAccount)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(3600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
        var config = client.getConfiguration();
        return Files.writeString(folder.resolve(serviceAccount + ".kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters:
                - name: testbed
                  cluster: {server: "%s", certificate-authority-data: "%s"}
                users:
                - name: %s
                  user: {token: "%s"}
                contexts:
                - name: testbed
                  context: {cluster: testbed, user: %s}
                current-context: testbed
                """.formatted(
                        config.getMasterUrl(), config.getCaCertData(), serviceAccount, token, serviceAccount));
    }

    @Override
    public void close() {
        client.close();
        stop(folder);
    }

    private static void run(Path folder, List<String> command) {
        try {
            var log = new File(folder.toFile(), LOG);
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .start();
            if (process.waitFor() != 0) {
                throw new AssertionError("%s: %s"
                        .formatted(String.join(" ", command), Files.readString(log.toPath(), StandardCharsets.UTF_8)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
