package dev.modelrollout.e2e.faults;

import dev.modelrollout.testing.OperatorProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;

/** An operator behind a proxy of its own. */
final class Replica implements Proxy.Watcher, AutoCloseable {

    private final Proxy proxy;
    private final Path kubeconfig;
    private final Path log;
    private final URI prometheus;
    private final Map<String, String> environment;
    private final Function<Message, Fault> faults;
    private volatile boolean isOver;
    private OperatorProcess process;

    /**
     * It runs from now on, and takes part in the election.
     *
     * @param faults asked for each request
     */
    Replica(
            String name,
            String server,
            Path folder,
            Path logs,
            URI prometheus,
            String leaseNamespace,
            Function<Message, Fault> faults)
            throws Exception {
        this.faults = faults;
        this.prometheus = prometheus;
        log = logs.resolve(name + ".log");
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

    OperatorProcess process() {
        return process;
    }

    @Override
    public Fault at(Message request) {
        return faults.apply(request);
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
