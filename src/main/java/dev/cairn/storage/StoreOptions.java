package dev.cairn.storage;

import java.util.Optional;

/**
 * How objects are written. Immutable.
 *
 * @param writeBufferBytes how much of a local file is read at a time while it is stored; at least one byte is
 * @param partBytes objects of this size and more are stored in S3 in parts, of this size; at most 10,000 of them
 * @param encryption at rest, in S3
 * @param kmsKey id or ARN, where the encryption is {@link S3Encryption#SSE_KMS} and it is not AWS's own key for S3
 */
public record StoreOptions(int writeBufferBytes, long partBytes, S3Encryption encryption, Optional<String> kmsKey) {

    /** A buffer of 64 KB, parts of 16 MB, and what the bucket says. */
    public static final StoreOptions DEFAULT =
            new StoreOptions(1 << 16, 16L << 20, S3Encryption.BUCKET, Optional.empty());

    /** Checks that the key has a use. */
    public StoreOptions {
        if (kmsKey.isPresent() && encryption != S3Encryption.SSE_KMS) {
            throw new IllegalArgumentException("a KMS key is of no use with " + encryption);
        }
    }

    /** How much of so many bytes to read at a time. */
    int bufferFor(long bytes) {
        return (int) Math.max(1, Math.min(writeBufferBytes, bytes));
    }
}
