package dev.cairn.storage;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ExecutorService;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** One multipart upload, several parts at a time. What does not become an object is aborted, for parts cost money. */
final class S3Upload {

    /** At most 10,000 parts: objects of up to 156 GiB. */
    static final long PART_BYTES = 16L << 20;

    private static final String CONTENT_TYPE = "application/octet-stream";

    private final S3Client client;
    private final String bucket;
    private final String key;
    private final ExecutorService transfers;

    S3Upload(S3Client client, String bucket, String key, ExecutorService transfers) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
        this.transfers = transfers;
    }

    void upload(Path file) throws IOException {
        long size = Files.size(file);
        String id = client.createMultipartUpload(
                        request -> request.bucket(bucket).key(key).checksumAlgorithm(ChecksumAlgorithm.CRC32_C))
                .uploadId();
        S3Transfers<CompletedPart> parts = new S3Transfers<>(transfers);
        try {
            for (long start = 0; start < size; start += PART_BYTES) {
                long from = start;
                parts.add(() -> part(id, file, from, Math.min(PART_BYTES, size - from)));
            }
            List<CompletedPart> completed = parts.await();
            client.completeMultipartUpload(request ->
                    request.bucket(bucket).key(key).uploadId(id).multipartUpload(upload -> upload.parts(completed)));
        } catch (RuntimeException e) {
            abort(id, e);
            throw e;
        }
    }

    private CompletedPart part(String id, Path file, long from, long length) {
        int number = (int) (from / PART_BYTES) + 1;
        UploadPartResponse answer = client.uploadPart(
                request -> request.bucket(bucket)
                        .key(key)
                        .uploadId(id)
                        .partNumber(number)
                        .contentLength(length)
                        .checksumAlgorithm(ChecksumAlgorithm.CRC32_C),
                RequestBody.fromContentProvider(() -> slice(file, from, length), length, CONTENT_TYPE));
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(answer.eTag())
                .checksumCRC32C(answer.checksumCRC32C())
                .build();
    }

    /** Opened again for every attempt. */
    private static InputStream slice(Path file, long from, long length) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            channel.position(from);
            return new BufferedInputStream(new Slice(Channels.newInputStream(channel), length), 1 << 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void abort(String id, RuntimeException cause) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(key).uploadId(id));
        } catch (SdkException e) {
            cause.addSuppressed(e);
        }
    }

    /** So many bytes of a stream, and no more. */
    private static final class Slice extends InputStream {

        private final InputStream stream;
        private long left;

        Slice(InputStream stream, long length) {
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
