package dev.cairn.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** One multipart upload, several parts at a time. What does not become an object is aborted, for parts cost money. */
record S3Upload(RemoteObject object, StoreOptions options) {

    void upload(Path file) throws IOException {
        long size = Files.size(file);
        String id = create();
        S3Transfers<CompletedPart> parts = new S3Transfers<>(object.calls());
        try {
            for (long start = 0; start < size; start += options.partBytes()) {
                long from = start;
                parts.add(() -> part(id, file, from, Math.min(options.partBytes(), size - from)));
            }
            complete(id, parts.await());
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                leave(id, parts, e);
            } else {
                abort(id, e);
            }
            throw e;
        }
    }

    /**
     * Does not wait for parts under way, which may take minutes. A part that arrives after the upload is aborted would be kept,
     * and paid for: once they have ended, it is aborted again.
     */
    @SuppressWarnings(
            "FutureReturnValueIgnored") // Nothing waits for it: what fails there costs no more than the parts.
    private void leave(String id, S3Transfers<CompletedPart> parts, RuntimeException cause) {
        parts.cancel(cause);
        try {
            object.calls().start(() -> {
                abort(id, cause);
                try {
                    parts.awaitEnds();
                    abort(id, cause);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return null;
            });
        } catch (StorageException e) {
            cause.addSuppressed(e);
        }
    }

    private String create() {
        return object.calls()
                .call(() -> object.client().createMultipartUpload(request -> request.bucket(object.bucket())
                        .key(object.key())
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32_C)
                        .serverSideEncryption(options.encryption().requested())
                        .ssekmsKeyId(options.kmsKey().orElse(null))))
                .uploadId();
    }

    private CompletedPart part(String id, Path file, long from, long length) {
        int number = (int) (from / options.partBytes()) + 1;
        try (FileSlice content = new FileSlice(file, from, length, options)) {
            String checksum = S3Checksum.of(file, from, length, options);
            UploadPartResponse answer = object.client()
                    .uploadPart(
                            request -> request.bucket(object.bucket())
                                    .key(object.key())
                                    .uploadId(id)
                                    .partNumber(number)
                                    .contentLength(length)
                                    .checksumCRC32C(checksum),
                            content.body());
            return CompletedPart.builder()
                    .partNumber(number)
                    .eTag(answer.eTag())
                    .checksumCRC32C(answer.checksumCRC32C())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void complete(String id, List<CompletedPart> parts) {
        object.calls().call(() -> object.client().completeMultipartUpload(request -> request.bucket(object.bucket())
                .key(object.key())
                .uploadId(id)
                .multipartUpload(upload -> upload.parts(parts))));
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
