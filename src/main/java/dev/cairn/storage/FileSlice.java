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

/**
 * A part of a local file as the content of a request. The client asks for it more than once, to sign it and for every
 * attempt, and does not close what it has signed: closing this does. Used by one request at a time.
 */
final class FileSlice implements AutoCloseable {

    private static final String CONTENT_TYPE = "application/octet-stream";

    private final Path file;
    private final long from;
    private final long length;
    private final int bufferBytes;
    private InputStream last = InputStream.nullInputStream();

    FileSlice(Path file, long from, long length, StoreOptions options) {
        this.file = file;
        this.from = from;
        this.length = length;
        this.bufferBytes = options.bufferFor(length);
    }

    RequestBody body() {
        return RequestBody.fromContentProvider(this::open, length, CONTENT_TYPE);
    }

    private InputStream open() {
        try {
            last.close();
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            channel.position(from);
            last = new BufferedInputStream(new Limited(Channels.newInputStream(channel), length), bufferBytes);
            return last;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        last.close();
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
