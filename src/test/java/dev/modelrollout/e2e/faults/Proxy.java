package dev.modelrollout.e2e.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;

/**
 * The API server as one process sees it: plain HTTP/1.1 on a port of its own, with the rights of the test, and with
 * faults. Each connection has one of its own to the real server.
 */
final class Proxy implements AutoCloseable {

    private static final Duration DELAY = Duration.ofSeconds(3);

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        var thread = new Thread(task, "proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Map<String, Message> oldLists = new ConcurrentHashMap<>();
    private final Set<String> stale = ConcurrentHashMap.newKeySet();
    private final Set<String> expired = ConcurrentHashMap.newKeySet();
    private final URI server;
    private final SocketFactory sockets;
    private final Watcher watcher;
    private volatile CountDownLatch cable = new CountDownLatch(0);

    /** Who decides on faults, and is told what became of each request. */
    interface Watcher {

        /** Asked before each request. */
        Fault at(Message request);

        /** Told of each answer of the server, before it is passed on. */
        void answered(String process, Instant sent, Message request, Message answer);

        /** The process behind this proxy now. */
        String present();

        /** Ends the process behind this proxy, at once. */
        void kill();
    }

    Proxy(String kubeconfig, Watcher watcher) throws IOException, GeneralSecurityException {
        var config = Config.fromKubeconfig(kubeconfig);
        server = URI.create(config.getMasterUrl());
        sockets = SSLUtils.sslContext(config).getSocketFactory();
        this.watcher = watcher;
        threads.execute(this::accept);
    }

    /** For the process, in this file. */
    Path kubeconfig(Path file) throws IOException {
        return Files.writeString(file, """
                apiVersion: v1
                kind: Config
                clusters:
                - {name: proxy, cluster: {server: "http://127.0.0.1:%d"}}
                users:
                - {name: nobody, user: {}}
                contexts:
                - {name: proxy, context: {cluster: proxy, user: nobody}}
                current-context: proxy
                """.formatted(listener.getLocalPort()));
    }

    void cutWatches() {
        open.stream().filter(connection -> !connection.watched.isEmpty()).forEach(Connection::close);
    }

    /** Swallows whatever is sent or answered, until it is connected again. */
    void disconnect() {
        cable = new CountDownLatch(1);
        cutWatches();
    }

    void connect() {
        cable.countDown();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(Connection::close);
        threads.shutdownNow();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var client = listener.accept();
                client.setTcpNoDelay(true);
                threads.execute(() -> serve(client));
            } catch (IOException e) {
                // Either the listener is closed, or this one connection has failed.
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                var upstream = sockets.createSocket(server.getHost(), server.getPort())) {
            upstream.setTcpNoDelay(true);
            var connection = new Connection(client, upstream);
            open.add(connection);
            try {
                connection.run();
            } finally {
                open.remove(connection);
            }
        } catch (IOException | InterruptedException e) {
            // The one that asked sees it as well.
        }
    }

    private final class Connection {

        private final Socket client;
        private final Socket upstream;
        private final InputStream fromClient;
        private final InputStream fromServer;
        private final String process = watcher.present();
        private volatile String watched = "";

        private Connection(Socket client, Socket upstream) throws IOException {
            this.client = client;
            this.upstream = upstream;
            fromClient = new BufferedInputStream(client.getInputStream());
            fromServer = new BufferedInputStream(upstream.getInputStream());
        }

        private void run() throws IOException, InterruptedException {
            var request = Message.read(fromClient);
            while (request.isPresent() && !watches(request.get())) {
                request = Message.read(fromClient);
            }
        }

        /** Whether this connection is a watch from now on, and has ended. */
        private boolean watches(Message request) throws IOException, InterruptedException {
            var fault = watcher.at(request);
            if (fault.status() > 0) {
                Message.refusal(fault.status()).write(client.getOutputStream());
                return false;
            }
            before(fault);
            pass();
            var sent = Instant.now();
            request.without("Accept-Encoding").write(upstream.getOutputStream());
            var answer = Message.read(fromServer).orElseThrow(IOException::new);
            watcher.answered(process, sent, request, answer);
            pass();
            after(fault, request, answer);
            if (answer.isSwitch()) {
                if (expired.remove(request.path())) {
                    tellExpiry();
                    return true;
                }
                watched = request.path();
                threads.execute(() -> pump(fromClient, upstream));
                pump(fromServer, client);
                return true;
            }
            return false;
        }

        private void pass() throws IOException, InterruptedException {
            var its = cable;
            if (its.getCount() > 0) {
                its.await();
                throw new IOException("swallowed");
            }
        }

        /** One frame (RFC 6455, section 5.2) with the event that ends a watch from too long ago. */
        private void tellExpiry() throws IOException {
            var event = "{\"type\": \"ERROR\", \"object\": %s}"
                    .formatted(Message.refusal(410).body())
                    .getBytes(UTF_8);
            var frame = ByteBuffer.allocate(4 + event.length);
            frame.put((byte) 0x81)
                    .put((byte) 126)
                    .putShort((short) event.length)
                    .put(event);
            client.getOutputStream().write(frame.array());
        }

        private void before(Fault fault) throws IOException, InterruptedException {
            switch (fault) {
                case KILLED_BEFORE, KILLED_AND_STALE -> {
                    if (fault == Fault.KILLED_AND_STALE) {
                        stale.addAll(oldLists.keySet());
                    }
                    watcher.kill();
                    throw new IOException("killed before");
                }
                case DELAYED -> {
                    var unused = new CountDownLatch(1).await(DELAY.toMillis(), TimeUnit.MILLISECONDS);
                }
                case WATCHES_CUT -> cutWatches();
                case WATCHES_EXPIRED -> {
                    open.forEach(connection -> expired.add(connection.watched));
                    cutWatches();
                }
                default -> {}
            }
        }

        private void after(Fault fault, Message request, Message answer) throws IOException {
            switch (fault) {
                case KILLED_UNANSWERED -> {
                    watcher.kill();
                    throw new IOException("killed unanswered");
                }
                case UNANSWERED -> throw new IOException("unanswered");
                default -> recalled(request, answer).write(client.getOutputStream());
            }
            if (fault == Fault.KILLED_ANSWERED) {
                watcher.kill();
            }
        }

        /** A list is kept for the next start: an API server that lags behind tells it then. */
        private Message recalled(Message request, Message answer) {
            if (request.isWrite() || !request.target().contains("resourceVersion=0")) {
                return answer;
            }
            var old = oldLists.put(request.path(), answer);
            return stale.remove(request.path()) && old != null ? old : answer;
        }

        private void pump(InputStream in, Socket to) {
            try (to) {
                OutputStream out = to.getOutputStream();
                var bytes = new byte[1 << 14];
                for (var read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                    out.write(bytes, 0, read);
                    out.flush();
                }
            } catch (IOException e) {
                // A watch ends like this.
            }
        }

        private void close() {
            try {
                client.close();
                upstream.close();
            } catch (IOException e) {
                // Then it is closed already.
            }
        }
    }
}
