package dev.modelrollout.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The packaged operator, configured by its environment as a pod would be. It ends with this JVM. */
public final class OperatorProcess implements AutoCloseable {

    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final Duration CEILING = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final int port;
    private final Path log;

    private OperatorProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /**
     * Starts it with the heap of the chart.
     *
     * @param environment beside the kubeconfig and the provider {@code default}
     * @param log appended to
     */
    public static OperatorProcess start(Path kubeconfig, URI prometheus, Map<String, String> environment, Path log)
            throws IOException {
        assertThat(JAR).as("the packaged operator: mvn -DskipTests package").exists();
        var port = Loopback.freePort();
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(java, "-Xmx256m", "-jar", JAR.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("KUBERNETES_"));
        builder.environment().put("KUBECONFIG", kubeconfig.toAbsolutePath().toString());
        builder.environment().put("MODELROLLOUT_PROVIDERS__DEFAULT__URL", prometheus.toString());
        builder.environment().put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_MANAGEMENT_PORT", String.valueOf(port));
        builder.environment().putAll(environment);
        var operator = new OperatorProcess(builder.start(), port, log);
        Runtime.getRuntime().addShutdownHook(new Thread(operator::close));
        return operator;
    }

    /** Waits until its readiness probe is green. */
    public OperatorProcess awaitReady() throws IOException {
        await().atMost(CEILING).pollInterval(Duration.ofMillis(50)).until(() -> isReady() || !process.isAlive());
        if (!process.isAlive()) {
            throw new AssertionError(Files.readString(log));
        }
        return this;
    }

    private boolean isReady() throws InterruptedException {
        try {
            return HTTP.send(HttpRequest.newBuilder(url("/q/health/ready")).build(), BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** Its metrics, in Prometheus' text format. */
    public String metrics() throws IOException, InterruptedException {
        return get("/q/metrics");
    }

    /** What it shows under this path of its management port. */
    public String get(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(url(path)).build(), BodyHandlers.ofString())
                .body();
    }

    /** Its status once it has ended by itself. */
    public int awaitExit() {
        await().atMost(CEILING).until(() -> !process.isAlive());
        return process.exitValue();
    }

    /** Heap in use after a collection, which it does first. */
    public double heapMiB() throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        new ProcessBuilder(jcmd, "" + process.pid(), "GC.run").start().waitFor();
        return metrics()
                        .lines()
                        .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\"}"))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                        .sum()
                / (1 << 20);
    }

    /** Where its metrics are. */
    public URI metricsUrl() {
        return url("/q/metrics");
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** The process itself. */
    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Sends it a signal: {@code STOP}, {@code CONT}, {@code TERM}. */
    public void signal(String name) throws IOException, InterruptedException {
        var status = new ProcessBuilder("kill", "-" + name, "" + process.pid())
                .start()
                .waitFor();
        assertThat(status).as("exit status of kill").isZero();
    }

    /** SIGKILL. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
