package dev.modelrollout.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.modelrollout.testing.Loopback;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The packaged operator, configured by its environment as a pod would be. */
final class OperatorProcess implements AutoCloseable {

    private static final Path JAR =
            Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
    private static final Duration CEILING = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final URI readiness;
    private final Path log;

    private OperatorProcess(Process process, URI readiness, Path log) {
        this.process = process;
        this.readiness = readiness;
        this.log = log;
    }

    /**
     * Starts it under the name of one pod: the one that is started again takes the Lease over.
     *
     * @param log appended to
     */
    static OperatorProcess start(Path kubeconfig, URI prometheus, Path log) throws IOException {
        assertThat(JAR).as("the packaged operator: mvn -DskipTests package").exists();
        var port = Loopback.freePort();
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(), "-jar", "" + JAR)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        var environment = builder.environment();
        environment.put("KUBECONFIG", kubeconfig.toString());
        environment.put("POD_NAME", "modelrollout-0");
        environment.put("MODELROLLOUT_LEADER_ELECTION_ENABLED", "true");
        environment.put("MODELROLLOUT_LEADER_ELECTION_NAMESPACE", Stage.OPERATOR_NAMESPACE);
        environment.put("MODELROLLOUT_PROVIDERS__DEFAULT__URL", prometheus.toString());
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", "" + port);
        return new OperatorProcess(builder.start(), URI.create("http://127.0.0.1:" + port + "/q/health/ready"), log);
    }

    /** Waits until its readiness probe is green. */
    void awaitReady() throws IOException {
        await().atMost(CEILING).pollInterval(Duration.ofMillis(50)).until(() -> isReady() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError(Files.readString(log));
        }
    }

    /** SIGKILL. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private boolean isReady() throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(readiness).build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
