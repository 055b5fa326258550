package dev.modelrollout.testing;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.TimeZone;
import java.util.concurrent.TimeUnit;

/**
 * A real etcd and kube-apiserver, one for all tests of a JVM: a test takes it as a parameter (see {@link
 * NeedsApiServer}) and works in a {@link #newNamespace()}. RBAC is on. No controller runs: nothing is garbage-collected,
 * a deleted namespace never ends, Deployments get no status.
 */
public final class ApiServer implements AutoCloseable {

    private static final int CEILING_SECONDS = 30;

    private final KubeAPIServer server;
    private final Path folder;
    private final Path kubectl;
    private final Path kubeconfigFile;
    private final KubernetesClient client;

    private ApiServer(KubeAPIServer server, Path folder) throws IOException {
        this.server = server;
        this.folder = folder;
        this.kubectl = kubectlIn(folder.resolve("k8s"));
        this.kubeconfigFile = Files.writeString(folder.resolve("kubeconfig"), server.getKubeConfigYaml());
        this.client = clientOf(config());
    }

    /** The certificates go to a folder of this JVM, so that several may use the same binaries at once. */
    static ApiServer start(Path binaries) {
        try {
            var folder = Files.createTempDirectory("modelrollout-api-server");
            Files.createSymbolicLink(
                    folder.resolve("k8s"), binaries.resolve("k8s").toRealPath());
            var server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                    .withTestDir(folder.toString())
                    .withOfflineMode(true)
                    .build());
            try {
                atNoon(server::start);
                return new ApiServer(server, folder);
            } catch (RuntimeException e) {
                stop(server, e);
                delete(folder);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It fails where one of the processes ended by itself; the failure that led here tells more. */
    private static void stop(KubeAPIServer server, RuntimeException failure) {
        try {
            server.stop();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /**
     * kube-api-test compares times of day: within its timeout before midnight it gives up at once. So it starts in a
     * time zone where it is about noon.
     */
    private static void atNoon(Runnable start) {
        var zone = TimeZone.getDefault();
        var hour = Instant.now().atOffset(ZoneOffset.UTC).getHour();
        TimeZone.setDefault(TimeZone.getTimeZone(ZoneOffset.ofHours(12 - hour)));
        try {
            start.run();
        } finally {
            TimeZone.setDefault(zone);
        }
    }

    /** May do anything ({@code system:masters}). Shared by all tests: do not close it. */
    public KubernetesClient client() {
        return client;
    }

    /** What {@link #client()} is made of, as a kubeconfig file for processes: YAML. */
    public String kubeconfig() {
        return server.getKubeConfigYaml();
    }

    /** A client that impersonates this user, for trying rights; the caller closes it. */
    public KubernetesClient as(String user, String... groups) {
        return clientOf(new ConfigBuilder(config())
                .withImpersonateUsername(user)
                .withImpersonateGroups(groups)
                .build());
    }

    /** A client with the rights of this ServiceAccount, which need not exist; the caller closes it. */
    public KubernetesClient asServiceAccount(String namespace, String name) {
        return as(
                "system:serviceaccount:%s:%s".formatted(namespace, name),
                "system:serviceaccounts",
                "system:serviceaccounts:" + namespace,
                "system:authenticated");
    }

    /** Creates a namespace that no other test has. */
    public String newNamespace() {
        var wanted = new NamespaceBuilder()
                .withNewMetadata()
                .withGenerateName("test-")
                .endMetadata()
                .build();
        return client.resource(wanted).create().getMetadata().getName();
    }

    /**
     * Applies these CRDs, which may be there already, and waits until the server serves them.
     *
     * @param files YAML, one CRD each
     */
    public void install(List<Path> files) {
        for (var file : files) {
            client.resource(crd(file)).forceConflicts().serverSideApply();
        }
        for (var file : files) {
            client.resource(crd(file)).waitUntilCondition(ApiServer::isServed, CEILING_SECONDS, TimeUnit.SECONDS);
        }
    }

    /**
     * Runs the kubectl that came with the server, as {@link #client()}.
     *
     * @return what it printed
     * @throws AssertionError with all of its output if it fails
     */
    public String kubectl(String... arguments) {
        try {
            var log = Files.createTempFile(folder, "kubectl", ".log");
            var process = new ProcessBuilder(kubectl.toString()).redirectError(log.toFile());
            process.command().addAll(List.of(arguments));
            process.environment().put("KUBECONFIG", kubeconfigFile.toString());
            var running = process.start();
            var output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (running.waitFor() != 0) {
                throw new AssertionError(
                        "kubectl %s: %s%s".formatted(String.join(" ", arguments), output, Files.readString(log)));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.stop();
        delete(folder);
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Any version does: they are there for kube-apiserver, and kubectl bears a difference. */
    private static Path kubectlIn(Path versions) throws IOException {
        try (var folders = Files.list(versions)) {
            return folders.map(version -> version.resolve("kubectl"))
                    .filter(Files::isExecutable)
                    .findAny()
                    .orElseThrow();
        }
    }

    private Config config() {
        return Config.fromKubeconfig(server.getKubeConfigYaml());
    }

    private static KubernetesClient clientOf(Config config) {
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private CustomResourceDefinition crd(Path file) {
        try (var yaml = Files.newInputStream(file)) {
            return client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .load(yaml)
                    .item();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server writes a status without conditions first. */
    private static boolean isServed(CustomResourceDefinition crd) {
        return crd.getStatus() != null
                && crd.getStatus().getConditions() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(c -> "Established".equals(c.getType()) && "True".equals(c.getStatus()));
    }
}
