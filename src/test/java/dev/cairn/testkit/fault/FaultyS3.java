package dev.cairn.testkit.fault;

import java.io.InputStream;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.gaul.s3proxy.S3ErrorCode;
import org.gaul.s3proxy.S3ProxyException;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** A store that fails now and then, in the ways of S3; one call in {@value #ONE_IN} of each kind. Thread-safe. */
public final class FaultyS3 extends ForwardingBlobStore {

    private static final int ONE_IN = 6;

    /** Longer than its client waits for an answer. */
    private static final Duration NO_ANSWER = Duration.ofSeconds(2);

    /** What can happen. */
    public enum Fault {
        /** 503 before anything is stored. */
        UNAVAILABLE,
        /** The object is stored, and the answer comes too late. */
        STORED_WITHOUT_ANSWER,
        /** The same for an object that was only to be created. */
        CREATED_WITHOUT_ANSWER,
        /** 503 for a part of a multipart upload, or for its end. */
        BROKEN_MULTIPART,
        /** 503 for a page of a listing. */
        BROKEN_LISTING,
        /** 503 for a read. */
        BROKEN_READ
    }

    private final Set<Fault> possible;
    private final Random random;
    private final Map<Fault, Integer> calls = new EnumMap<>(Fault.class);
    private final Map<Fault, Integer> fired = new EnumMap<>(Fault.class);

    /** Over a store that does not fail. */
    public FaultyS3(BlobStore store, long seed) {
        this(store, seed, EnumSet.allOf(Fault.class));
    }

    /** The same, with only these faults. */
    public FaultyS3(BlobStore store, long seed, Set<Fault> possible) {
        super(store);
        this.possible = Set.copyOf(possible);
        this.random = new Random(seed);
    }

    /** Which faults have happened, and not only could have. */
    public synchronized Set<Fault> fired() {
        return Set.copyOf(fired.keySet());
    }

    @Override
    public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
        unavailable(Fault.UNAVAILABLE);
        PutObjectResponse answer = super.putBlob(request, content);
        if (strikes(request.ifNoneMatch() == null ? Fault.STORED_WITHOUT_ANSWER : Fault.CREATED_WITHOUT_ANSWER)) {
            holdBack();
            throw new S3ProxyException(S3ErrorCode.INTERNAL_ERROR);
        }
        return answer;
    }

    @Override
    public ListObjectsV2Response list(ListObjectsV2Request request) {
        unavailable(Fault.BROKEN_LISTING);
        return super.list(request);
    }

    @Override
    public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
        unavailable(Fault.BROKEN_READ);
        return super.getBlob(request);
    }

    @Override
    public UploadPartResponse uploadMultipartPart(
            MultipartUpload upload, UploadPartRequest request, InputStream content) {
        unavailable(Fault.BROKEN_MULTIPART);
        return super.uploadMultipartPart(upload, request, content);
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            MultipartUpload upload, CompleteMultipartUploadRequest request) {
        unavailable(Fault.BROKEN_MULTIPART);
        return super.completeMultipartUpload(upload, request);
    }

    private void unavailable(Fault fault) {
        if (strikes(fault)) {
            throw S3Exceptions.fromStatusCode(503);
        }
    }

    private synchronized boolean strikes(Fault fault) {
        if (!possible.contains(fault)) {
            return false;
        }
        // Chance would leave one out now and then.
        boolean due = calls.merge(fault, 1, Integer::sum) == 2 * ONE_IN && !fired.containsKey(fault);
        boolean strikes = due || random.nextInt(ONE_IN) == 0;
        if (strikes) {
            fired.merge(fault, 1, Integer::sum);
        }
        return strikes;
    }

    private static void holdBack() {
        try {
            // No one counts it down: this is a wait that an interruption ends.
            if (new CountDownLatch(1).await(NO_ANSWER.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("it cannot open");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
