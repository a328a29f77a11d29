package dev.cairn.storage;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;

/** A part of a local file as the content of a request, read again for each attempt. Used by one thread at a time. */
final class FileSlice implements ContentStreamProvider, AutoCloseable {

    private static final String CONTENT_TYPE = "application/octet-stream";

    private final Path file;
    private final long from;
    private final long length;
    private final int bufferBytes;
    private InputStream stream = InputStream.nullInputStream();

    FileSlice(Path file, long from, long length, StoreOptions options) {
        this.file = file;
        this.from = from;
        this.length = length;
        this.bufferBytes = options.bufferFor(length);
    }

    /** To be sent before this is closed. */
    RequestBody body() {
        return RequestBody.fromContentProvider(this, length, CONTENT_TYPE);
    }

    @Override
    public InputStream newStream() {
        close();
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            stream = new BufferedInputStream(new Limited(Channels.newInputStream(channel), length), bufferBytes);
            channel.position(from);
            return stream;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes the file: who sends a request leaves its content open. */
    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many bytes of a stream, and no more. */
    private static final class Limited extends InputStream {

        private final InputStream stream;
        private long left;

        Limited(InputStream stream, long length) {
            this.stream = stream;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = stream.read(into, offset, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
