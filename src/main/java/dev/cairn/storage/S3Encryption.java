package dev.cairn.storage;

import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** How objects in S3 are encrypted at rest. */
public enum S3Encryption {
    /** As the bucket's default says. */
    BUCKET(null),
    /** With keys that S3 manages. */
    SSE_S3(ServerSideEncryption.AES256),
    /** With a key of AWS's key management service. */
    SSE_KMS(ServerSideEncryption.AWS_KMS);

    private final ServerSideEncryption requested;

    S3Encryption(ServerSideEncryption requested) {
        this.requested = requested;
    }

    /** What a request asks for; null for nothing. */
    ServerSideEncryption requested() {
        return requested;
    }
}
