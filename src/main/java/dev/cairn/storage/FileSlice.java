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

/** A part of a local file as the content of a request. */
final class FileSlice {

    private static final String CONTENT_TYPE = "application/octet-stream";

    private FileSlice() {}

    /** Read again for every attempt; the client closes what it has read. */
    static RequestBody of(Path file, long from, long length, StoreOptions options) {
        return RequestBody.fromContentProvider(
                () -> open(file, from, length, options.bufferFor(length)), length, CONTENT_TYPE);
    }

    private static InputStream open(Path file, long from, long length, int bufferBytes) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            channel.position(from);
            return new BufferedInputStream(new Limited(Channels.newInputStream(channel), length), bufferBytes);
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
