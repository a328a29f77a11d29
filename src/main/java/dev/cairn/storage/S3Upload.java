package dev.cairn.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** One multipart upload, several parts at a time. What does not become an object is aborted, for parts cost money. */
final class S3Upload {

    private final RemoteObject object;
    private final StoreOptions options;

    S3Upload(RemoteObject object, StoreOptions options) {
        this.object = object;
        this.options = options;
    }

    void upload(Path file) throws IOException {
        long size = Files.size(file);
        String id = create();
        S3Transfers<CompletedPart> parts = new S3Transfers<>(object.transfers());
        try {
            for (long start = 0; start < size; start += options.partBytes()) {
                long from = start;
                parts.add(() -> part(id, file, from, Math.min(options.partBytes(), size - from)));
            }
            complete(id, parts.await());
        } catch (RuntimeException e) {
            abort(id, e);
            throw e;
        }
    }

    private String create() {
        return object.client()
                .createMultipartUpload(request -> request.bucket(object.bucket())
                        .key(object.key())
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)
                        .serverSideEncryption(options.encryption().requested())
                        .ssekmsKeyId(options.kmsKey().orElse(null)))
                .uploadId();
    }

    private CompletedPart part(String id, Path file, long from, long length) {
        int number = (int) (from / options.partBytes()) + 1;
        UploadPartResponse answer = object.client()
                .uploadPart(
                        request -> request.bucket(object.bucket())
                                .key(object.key())
                                .uploadId(id)
                                .partNumber(number)
                                .contentLength(length)
                                .checksumAlgorithm(ChecksumAlgorithm.CRC32_C),
                        FileSlice.of(file, from, length, options));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(answer.eTag())
                .checksumCRC32C(answer.checksumCRC32C())
                .build();
    }

    private void complete(String id, List<CompletedPart> parts) {
        object.client().completeMultipartUpload(request -> request.bucket(object.bucket())
                .key(object.key())
                .uploadId(id)
                .multipartUpload(upload -> upload.parts(parts)));
    }

    private void abort(String id, RuntimeException cause) {
        try {
            object.client()
                    .abortMultipartUpload(request ->
                            request.bucket(object.bucket()).key(object.key()).uploadId(id));
        } catch (SdkException e) {
            cause.addSuppressed(e);
        }
    }
}
