package dev.cairn.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Requests as no client would write them, to this machine. */
public final class RawHttp {

    /** Less than a worker lets a connection be idle: that one closes must be its own doing. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private RawHttp() {}

    /** Reads a path as it is written, for a host. @return the whole answer */
    public static String get(int port, String path, String host) throws IOException {
        return send(port, "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    /** Sends bytes, each character one. @return the whole answer, when the worker has closed the connection */
    public static String send(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
