package dev.modelrollout.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A server on loopback that does to each connection what its script says, byte by byte, and records the requests. */
public final class StubServer implements AutoCloseable {

    /** What happens to a connection after its request was read; then it is closed. */
    @FunctionalInterface
    public interface Script {
        /** Writes to the connection. */
        void answer(Connection connection) throws IOException, InterruptedException;
    }

    /** Head and body of each, oldest first. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    private final ServerSocket listening;
    private final Script script;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch hungUp = new CountDownLatch(1);

    /** It answers from now on, in plain HTTP. */
    public StubServer(Script script) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
    }

    /** The same on this socket, of TLS perhaps. */
    public StubServer(ServerSocket listening, Script script) {
        this.listening = listening;
        this.script = script;
        start(this::listen);
    }

    /** A whole answer. */
    public static Script reply(int status, String body, String... headers) {
        return reply(status, body.getBytes(UTF_8), headers);
    }

    /** The same. */
    public static Script reply(int status, byte[] body, String... headers) {
        return connection -> {
            connection.head(status, "Content-Length: " + body.length, headers);
            connection.write(body);
        };
    }

    /** Its base. */
    public URI url() {
        return url("http");
    }

    /** The same with another scheme. */
    public URI url(String scheme) {
        return URI.create(scheme + "://127.0.0.1:" + listening.getLocalPort());
    }

    /** Whether a client closed its connection while this server was writing; waits for it. */
    public boolean wasHungUpOn() throws InterruptedException {
        return hungUp.await(30, SECONDS);
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            listening.close();
        } catch (IOException alreadyClosed) {
            requests.clear();
        }
    }

    private static void start(Runnable work) {
        var thread = new Thread(work, "stub-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (true) {
            try {
                var socket = listening.accept();
                start(() -> serve(socket));
            } catch (IOException isClosed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var request = request(socket.getInputStream());
            requests.add(request);
            script.answer(new Connection(socket, request));
        } catch (IOException clientIsGone) {
            hungUp.countDown();
        } catch (InterruptedException unexpected) {
            Thread.currentThread().interrupt();
        }
    }

    private static String request(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            var next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.write(next);
        }
        var text = head.toString(ISO_8859_1);
        var length = text.lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
                .findFirst()
                .orElse(0);
        return text + new String(in.readNBytes(length), ISO_8859_1);
    }

    /** The answering end of one connection. */
    public final class Connection {

        private final Socket socket;
        private final String request;

        private Connection(Socket socket, String request) {
            this.socket = socket;
            this.request = request;
        }

        /** Head and body. */
        public String request() {
            return request;
        }

        /** The first of what is sent. */
        public void head(int status, String header, String... more) throws IOException {
            write("HTTP/1.1 " + status + " Text\r\nConnection: close\r\n" + header + "\r\n");
            for (var line : more) {
                write(line + "\r\n");
            }
            write("\r\n");
        }

        /** More of it. */
        public void write(String text) throws IOException {
            write(text.getBytes(UTF_8));
        }

        /** More of it. */
        public void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** Ends the connection with RST. */
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Does nothing for a while, but no longer than the server lives; whether it still does. */
        public boolean pause(int millis) throws InterruptedException {
            return !closed.await(millis, MILLISECONDS);
        }
    }
}
