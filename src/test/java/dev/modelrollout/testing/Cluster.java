package dev.modelrollout.testing;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A cluster without containers: API server, controllers, nodes on which pods only seem to run, and the Gateway
 * {@code default/testbed}. A Service whose clusterIP is in 127.77.0.0/16 is played by whoever listens there. The
 * environment says in {@code TESTBED} in which folder the script is that starts it; it ends with this JVM.
 */
public final class Cluster implements AutoCloseable {

    private static final Path SCRIPT = Path.of(System.getenv().getOrDefault("TESTBED", ""), "apiserver");

    private final Path data;
    private final URI gateway;
    private final KubernetesClient client;

    private Cluster(Path data, URI gateway, KubernetesClient client) {
        this.data = data;
        this.gateway = gateway;
        this.client = client;
    }

    /**
     * Starts it, and first ends one that an earlier run left behind.
     *
     * @param data folder for logs and data; emptied
     * @throws AssertionError with what the script said if it does not start
     */
    public static Cluster start(Path data) throws IOException {
        var port = Loopback.freePort();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(data)));
        stop(data);
        run("start", "--data", data.toString(), "--controllers", "--gateway", "" + port);
        var config = Config.fromKubeconfig(data.resolve("kubeconfig").toFile());
        return new Cluster(
                data,
                URI.create("http://127.0.0.1:" + port),
                new KubernetesClientBuilder().withConfig(config).build());
    }

    /** May do anything. */
    public KubernetesClient client() {
        return client;
    }

    /** Where the Gateway answers, without a slash at the end. */
    public URI gateway() {
        return gateway;
    }

    /** Writes a kubeconfig with the rights of this ServiceAccount and no others, good for an hour. */
    public Path kubeconfigOf(String namespace, String serviceAccount) throws IOException {
        return Files.writeString(
                data.resolve(serviceAccount + ".kubeconfig"), Kubeconfig.of(client, namespace, serviceAccount));
    }

    @Override
    public void close() {
        client.close();
        stop(data);
    }

    private static void stop(Path data) {
        run("stop", "--data", data.toString());
    }

    private static void run(String... arguments) {
        var command = Stream.concat(Stream.of(SCRIPT.toString()), Stream.of(arguments))
                .toList();
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
