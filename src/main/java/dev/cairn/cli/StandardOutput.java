package dev.cairn.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Standard output, which remembers that it could not be written: {@code System.out} would not say why. One thread. */
final class StandardOutput extends OutputStream {

    private final OutputStream out;
    private IOException failure;

    StandardOutput() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    StandardOutput(OutputStream out) {
        this.out = new BufferedOutputStream(out);
    }

    /** In UTF-8 whatever the terminal is set to: JSON has to be. */
    PrintWriter printer() {
        return new PrintWriter(this, true, StandardCharsets.UTF_8);
    }

    /** Why it could not be written. */
    Optional<IOException> failure() {
        return Optional.ofNullable(failure);
    }

    /** Whether its reader has gone, as {@code head} does after a few lines. */
    boolean isBroken() {
        return failure != null && "Broken pipe".equals(failure.getMessage());
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        attempt(() -> out.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        attempt(out::flush);
    }

    private interface Action {
        void run() throws IOException;
    }

    private void attempt(Action action) throws IOException {
        if (failure != null) {
            throw new IOException(failure);
        }
        try {
            action.run();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }
}
