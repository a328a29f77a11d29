package dev.cairn.settings;

/** How objects in S3 are encrypted at rest. */
public enum S3Encryption {
    /** As the bucket's default says. */
    BUCKET,
    /** With keys that S3 manages. */
    SSE_S3,
    /** With a key of AWS's key management service. */
    SSE_KMS
}
