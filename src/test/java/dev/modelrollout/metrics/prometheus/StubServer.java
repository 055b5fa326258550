package dev.modelrollout.metrics.prometheus;

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
final class StubServer implements AutoCloseable {

    /** What happens to a connection after its request was read; then it is closed. */
    interface Script {
        void answer(Connection connection) throws IOException, InterruptedException;
    }

    final List<String> requests = new CopyOnWriteArrayList<>();
    private final ServerSocket listening;
    private final Script script;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch hungUp = new CountDownLatch(1);

    StubServer(Script script) throws IOException {
        this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), script);
    }

    StubServer(ServerSocket listening, Script script) {
        this.listening = listening;
        this.script = script;
        start(this::listen);
    }

    static Script reply(int status, String body, String... headers) {
        return reply(status, body.getBytes(UTF_8), headers);
    }

    static Script reply(int status, byte[] body, String... headers) {
        return connection -> {
            connection.head(status, "Content-Length: " + body.length, headers);
            connection.write(body);
        };
    }

    URI url() {
        return url("http");
    }

    URI url(String scheme) {
        return URI.create(scheme + "://127.0.0.1:" + listening.getLocalPort());
    }

    /** Whether a client closed its connection while this server was writing; waits for it. */
    boolean wasHungUpOn() throws InterruptedException {
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
            requests.add(request(socket.getInputStream()));
            script.answer(new Connection(socket));
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
    final class Connection {

        private final Socket socket;

        private Connection(Socket socket) {
            this.socket = socket;
        }

        void head(int status, String header, String... more) throws IOException {
            write("HTTP/1.1 " + status + " Text\r\nConnection: close\r\n" + header + "\r\n");
            for (var line : more) {
                write(line + "\r\n");
            }
            write("\r\n");
        }

        void write(String text) throws IOException {
            write(text.getBytes(UTF_8));
        }

        void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /** Ends the connection with RST. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Does nothing for a while, but no longer than the server lives; whether it still does. */
        boolean pause(int millis) throws InterruptedException {
            return !closed.await(millis, MILLISECONDS);
        }
    }
}
