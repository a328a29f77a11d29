package dev.cairn.testkit.fault;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;

import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** A store behind a slow line: every read has so many bytes a second. Thread-safe. */
public final class SlowS3 extends ForwardingBlobStore {

    private static final int CHUNK_BYTES = 4096;

    private final long bytesPerSecond;

    /** Over a store that is as fast as it is. */
    public SlowS3(BlobStore store, long bytesPerSecond) {
        super(store);
        this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        ResponseInputStream<GetObjectResponse> fast = super.getBlob(request);
        return new ResponseInputStream<>(fast.response(), new Slow(fast));
    }

    private final class Slow extends FilterInputStream {

        Slow(InputStream fast) {
            super(fast);
        }

        @Override
        public int read() throws IOException {
            pace(1);
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, Math.min(length, CHUNK_BYTES));
            pace(read);
            return read;
        }

        private void pace(int bytes) throws IOException {
            try {
                TimeUnit.MICROSECONDS.sleep(Math.max(0, bytes) * 1_000_000L / bytesPerSecond);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading slowly");
            }
        }
    }
}
