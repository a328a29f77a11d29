package dev.cairn.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Listens on a port, keeps all that arrives, and answers nothing or too much. Thread-safe. */
@SuppressWarnings("JdkObsolete") // One thread appends to a StringBuffer while another reads it.
public final class Eavesdropper implements AutoCloseable {

    private final ServerSocket server;
    private final boolean talks;
    private final List<StringBuffer> received = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    private Eavesdropper(boolean talks) {
        this.talks = talks;
        try {
            server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run("eavesdropper", this::accept);
    }

    /** One that takes requests and never answers. */
    public static Eavesdropper silent() {
        return new Eavesdropper(false);
    }

    /** One whose answers have no end. */
    public static Eavesdropper endless() {
        return new Eavesdropper(true);
    }

    /** Where it listens. */
    public String address() {
        return "http://localhost:" + server.getLocalPort();
    }

    /** All that has arrived. */
    public String received() {
        return received.stream().map(StringBuffer::toString).collect(Collectors.joining("\n"));
    }

    private void accept() throws IOException {
        while (!server.isClosed()) {
            Socket socket = server.accept();
            sockets.add(socket);
            StringBuffer text = new StringBuffer();
            received.add(text);
            run("eavesdropper-reads", () -> read(socket, text));
            if (talks) {
                run("eavesdropper-talks", () -> talk(socket));
            }
        }
    }

    private static void read(Socket socket, StringBuffer text) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[8_192];
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            text.append(new String(bytes, 0, count, StandardCharsets.UTF_8));
        }
    }

    private static void talk(Socket socket) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n["
                .getBytes(StandardCharsets.UTF_8));
        byte[] bytes = "1,".repeat(8_192).getBytes(StandardCharsets.UTF_8);
        while (true) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @FunctionalInterface
    private interface Task {

        void run() throws IOException;
    }

    private static void run(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // The other side has had enough, or it is closed.
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
