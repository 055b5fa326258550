package dev.modelrollout.demo;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The operator as it ships: its jar, in a process of its own. It ends with this JVM, however that ends. */
final class OperatorProcess implements AutoCloseable {

    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final int PATIENCE_SECONDS = 10;

    private final Process process;
    private final int port;

    private OperatorProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static OperatorProcess start(Path kubeconfig, URI prometheus, Path log) {
        var port = Loopback.freePort();
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder = new ProcessBuilder(java, "-Xmx256m", "-jar", JAR.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("KUBERNETES_"));
        environment.put("KUBECONFIG", kubeconfig.toAbsolutePath().toString());
        environment.put("MODELROLLOUT_PROVIDERS__DEFAULT__URL", prometheus.toString());
        environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(port));
        try {
            var operator = new OperatorProcess(builder.start(), port);
            Runtime.getRuntime().addShutdownHook(new Thread(operator::close, "end-of-operator"));
            return operator;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + new File(java), e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Its health and metrics. */
    URI url() {
        return URI.create("http://127.0.0.1:" + port + "/q/metrics");
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
