package dev.cairn.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** One download, in ranges, several at a time, each straight to its place in the file. */
final class S3Download {

    private static final long RANGE_BYTES = 16L << 20;
    private static final int BUFFER_BYTES = 1 << 16;

    private final RemoteObject object;
    private final LongConsumer arrived;
    private long told;
    private boolean takenBack;

    S3Download(RemoteObject object, LongConsumer arrived) {
        this.object = object;
        this.arrived = arrived;
    }

    void download(Path target) throws IOException {
        HeadObjectResponse head = object.calls().call(() -> object.client()
                .headObject(request -> request.bucket(object.bucket()).key(object.key())));
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            try (FileChannel file = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                fetch(file, head.contentLength(), head.eTag());
                file.force(true);
            }
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            takeBack();
            throw e;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void fetch(FileChannel file, long size, String eTag) {
        S3Transfers<Long> ranges = new S3Transfers<>(object.calls());
        try {
            for (long start = 0; start < size; start += RANGE_BYTES) {
                long from = start;
                ranges.add(() -> range(file, from, Math.min(size, from + RANGE_BYTES), eTag));
            }
            ranges.await();
        } catch (RuntimeException e) {
            // Those that are still under way find the file closed.
            ranges.cancel(e);
            throw e;
        }
    }

    /** An attempt that breaks off is repeated from the range's start. */
    private long range(FileChannel file, long from, long to, String eTag) {
        return object.client()
                .getObject(
                        request -> request.bucket(object.bucket())
                                .key(object.key())
                                .ifMatch(eTag)
                                .range("bytes=" + from + "-" + (to - 1)),
                        (ResponseTransformer<GetObjectResponse, Long>)
                                (response, content) -> write(file, from, to, content));
    }

    private long write(FileChannel file, long from, long to, InputStream content) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long position = from;
        try {
            for (int count = read(content, buffer); count >= 0; count = read(content, buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) {
                    position += file.write(bytes, position);
                }
                tell(count);
            }
            if (position != to) {
                throw RetryableException.create("the answer broke off " + (to - position) + " bytes before its end");
            }
            return position - from;
        } catch (IOException | RuntimeException e) {
            tell(from - position);
            throw e;
        }
    }

    /** The client repeats a request whose answer breaks off only when it is told so. */
    private static int read(InputStream content, byte[] buffer) {
        try {
            return content.read(buffer);
        } catch (IOException e) {
            throw RetryableException.create("the answer broke off: " + e.getMessage(), e);
        }
    }

    private synchronized void tell(long bytes) {
        if (!takenBack) {
            told += bytes;
            arrived.accept(bytes);
        }
    }

    /** A range that was left untouched may still tell of bytes later, which count for nothing. */
    private synchronized void takeBack() {
        tell(-told);
        takenBack = true;
    }
}
