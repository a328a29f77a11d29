package dev.cairn.testkit.fault;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;

import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** A store whose first reads break off in their middle. Thread-safe. */
public final class BreakingS3 extends ForwardingBlobStore {

    private final AtomicInteger left;
    private final int afterBytes;

    /** So many reads of objects break off after so many bytes. */
    public BreakingS3(BlobStore store, int reads, int afterBytes) {
        super(store);
        this.left = new AtomicInteger(reads);
        this.afterBytes = afterBytes;
    }

    /** Whether all that should break off have. */
    public boolean isDone() {
        return left.get() <= 0;
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        ResponseInputStream<GetObjectResponse> whole = super.getBlob(request);
        return left.getAndDecrement() > 0 ? new ResponseInputStream<>(whole.response(), new Breaking(whole)) : whole;
    }

    private final class Breaking extends FilterInputStream {

        private int remaining = afterBytes;

        Breaking(InputStream whole) {
            super(whole);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (remaining <= 0) {
                throw new IOException("breaks off, as it should");
            }
            int read = super.read(buffer, offset, Math.min(length, remaining));
            remaining -= Math.max(0, read);
            return read;
        }
    }
}
