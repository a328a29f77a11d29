package dev.cairn.settings;

import java.util.Optional;

import dev.cairn.storage.S3Encryption;

/**
 * How objects are written to S3. Immutable.
 *
 * @param partSize objects of this size and more are stored in parts, 5 MB to 1 GB
 * @param encryption at rest
 * @param kmsKey id or ARN, where the encryption is {@link S3Encryption#SSE_KMS} and it is not AWS's own key for S3
 */
public record S3Settings(MemorySize partSize, S3Encryption encryption, Optional<String> kmsKey) {}
