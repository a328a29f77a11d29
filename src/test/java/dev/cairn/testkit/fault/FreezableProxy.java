package dev.cairn.testkit.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** Stands before a server. While it is frozen it accepts connections and passes nothing on, in neither direction. */
public final class FreezableProxy implements AutoCloseable {

    private static final long LOOK_NANOS = 20_000_000;
    private static final int BUFFER_BYTES = 8192;

    private final URI target;
    private final ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean frozen;
    private volatile boolean closed;

    private FreezableProxy(URI target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Starts one on a port of its own. */
    public static FreezableProxy before(URI target) {
        try {
            FreezableProxy proxy = new FreezableProxy(target);
            start("proxy-accept", proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where clients connect. */
    public URI endpoint() {
        return URI.create(target.getScheme() + "://127.0.0.1:" + server.getLocalPort());
    }

    /** Passes nothing on until {@link #thaw}. */
    public void freeze() {
        frozen = true;
    }

    /** Passes on what has come meanwhile, and what comes. */
    public void thaw() {
        frozen = false;
    }

    @Override
    public void close() {
        closed = true;
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = keep(server.accept());
                Socket behind = keep(new Socket(target.getHost(), target.getPort()));
                start("proxy-request", () -> pass(client, behind));
                start("proxy-answer", () -> pass(behind, client));
            } catch (IOException e) {
                // The next client gets its own connection; a closed proxy ends.
            }
        }
    }

    private Socket keep(Socket socket) {
        sockets.add(socket);
        return socket;
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                while (frozen && !closed) {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
                out.write(buffer, 0, count);
                out.flush();
            }
        } catch (IOException e) {
            // One of the two has closed the connection.
        }
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
