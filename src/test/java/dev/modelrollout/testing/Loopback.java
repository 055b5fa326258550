package dev.modelrollout.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** The only network that tests use. */
public final class Loopback {

    private Loopback() {}

    /** A port of 127.0.0.1 that nobody listens on now. */
    public static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
