package dev.cairn.testkit.fault;

import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** A store that answers no upload until it is released. Thread-safe. */
public final class HangingS3 extends ForwardingBlobStore {

    private final CountDownLatch released = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile boolean partsAlone;

    /** Over a store that answers. */
    public HangingS3(BlobStore store) {
        super(store);
    }

    /** How many uploads have come that it has not answered. */
    public int waiting() {
        return waiting.get();
    }

    /** Answers everything but the parts of multipart uploads: these begin with a write of their own behind this store. */
    public void hangPartsAlone() {
        partsAlone = true;
    }

    /** Answers from here on. */
    public void release() {
        released.countDown();
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        if (!partsAlone) {
            hang();
        }
        return super.putBlob(request, content);
    }

    @Override
    public UploadPartResponse uploadMultipartPart(
            MultipartUpload upload, UploadPartRequest request, InputStream content) {
        hang();
        return super.uploadMultipartPart(upload, request, content);
    }

    private void hang() {
        waiting.incrementAndGet();
        try {
            if (!released.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("never released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            waiting.decrementAndGet();
        }
    }
}
