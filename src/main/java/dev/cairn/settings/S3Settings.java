package dev.cairn.settings;

import java.util.Optional;

import org.eclipse.microprofile.config.Config;

import dev.cairn.names.SettingNames;
import dev.cairn.settings.Setting.Fallback;
import dev.cairn.storage.S3Encryption;

/**
 * How objects are written to S3. Immutable.
 *
 * @param partSize objects of this size and more are stored in parts, 5 MB to 1 GB
 * @param encryption at rest
 * @param kmsKey id or ARN, where the encryption is {@link S3Encryption#SSE_KMS} and it is not AWS's own key for S3
 */
public record S3Settings(MemorySize partSize, S3Encryption encryption, Optional<String> kmsKey) {

    static final SettingGroup GROUP = new SettingGroup(SettingRules::checkS3);

    static final Setting<MemorySize> S3_PART_SIZE = GROUP.add(
            "cairn.s3.part-size",
            Fallback.of("16mb"),
            "Files of this size and more go to S3 in parts, several at a time; `5mb` to `1gb`, and at most 10,000 parts make a"
                    + " file.",
            Parsers.sizeBetween(new MemorySize(5 << 20), new MemorySize(1 << 30)));

    static final Setting<S3Encryption> S3_ENCRYPTION = GROUP.add(
            SettingNames.S3_ENCRYPTION,
            Fallback.of("bucket"),
            "Encryption at rest in S3: `bucket` as the bucket is configured, `sse-s3` with S3's keys, `sse-kms` with a key"
                    + " of KMS.",
            Parsers.oneOf(S3Encryption.class));

    static final Setting<Optional<String>> S3_KMS_KEY = GROUP.add(
            "cairn.s3.kms-key",
            Fallback.none(),
            "Id or ARN of the KMS key for `sse-kms`; without it AWS's own key for S3 is used.",
            Parsers.optional(text -> text));

    /**
     * Reads them, for who writes some objects without running the job.
     *
     * @throws SettingsException if any cannot be used
     */
    public static S3Settings of(Config config) {
        return of(GROUP.read(config));
    }

    static S3Settings of(SettingValues values) {
        return new S3Settings(values.get(S3_PART_SIZE), values.get(S3_ENCRYPTION), values.get(S3_KMS_KEY));
    }
}
