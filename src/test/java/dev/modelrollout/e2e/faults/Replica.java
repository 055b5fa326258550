package dev.modelrollout.e2e.faults;

import dev.modelrollout.testing.OperatorProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** An operator behind a proxy of its own: one process after the other. */
final class Replica implements Proxy.Watcher, AutoCloseable {

    private final String name;
    private final Proxy proxy;
    private final Path kubeconfig;
    private final Path log;
    private final URI prometheus;
    private final Map<String, String> environment;
    private final Faults faults;
    private final Writers writers;
    private volatile boolean isOver;
    private final AtomicInteger starts = new AtomicInteger();
    private OperatorProcess process;

    /**
     * It runs from now on, and takes part in the election.
     *
     * @param server kubeconfig of the API server
     * @param folder for files
     */
    Replica(
            String name,
            String server,
            Path folder,
            Path log,
            URI prometheus,
            String leaseNamespace,
            Faults faults,
            Writers writers)
            throws Exception {
        this.name = name;
        this.log = log;
        this.prometheus = prometheus;
        this.faults = faults;
        this.writers = writers;
        environment = Map.of(
                "POD_NAME",
                name,
                "HTTP2_DISABLE",
                "true",
                "MODELROLLOUT_LEADER_ELECTION_ENABLED",
                "true",
                "MODELROLLOUT_LEADER_ELECTION_NAMESPACE",
                leaseNamespace);
        proxy = new Proxy(server, this);
        kubeconfig = proxy.kubeconfig(folder.resolve(name));
        process = start();
    }

    /** Its identity in the election. */
    String name() {
        return name;
    }

    Proxy proxy() {
        return proxy;
    }

    OperatorProcess process() {
        return process;
    }

    @Override
    public String present() {
        return name + "#" + starts.get();
    }

    @Override
    public Fault at(Message request) {
        return faults.at(this, request);
    }

    @Override
    public void answered(String process, Instant sent, Message request, Message answer) {
        writers.answered(process, sent, request, answer);
    }

    /** Another one is started at once. */
    @Override
    public synchronized void kill() {
        process.close();
        restart();
    }

    /** If it has ended. */
    synchronized void restart() {
        if (!isOver && !process.handle().isAlive()) {
            process = start();
        }
    }

    private OperatorProcess start() {
        try {
            starts.incrementAndGet();
            return OperatorProcess.start(kubeconfig, prometheus, environment, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        isOver = true;
        synchronized (this) {
            process.close();
        }
        proxy.close();
    }
}
