package dev.cairn.settings;

import java.util.List;

/**
 * Everything a worker is told at its start, validated. Immutable.
 *
 * @param kafka how to reach Kafka
 * @param job what is processed, and by whom
 * @param checkpoints when and where checkpoints are taken
 * @param local where local databases live
 * @param recovery what to do when a partition cannot simply be restored
 * @param s3 how objects are written to S3
 * @param warnings what is worth a line in the log, though it does not keep the worker from starting
 */
public record Settings(
        KafkaSettings kafka,
        JobSettings job,
        CheckpointSettings checkpoints,
        LocalSettings local,
        RecoverySettings recovery,
        S3Settings s3,
        List<String> warnings) {

    public Settings {
        warnings = List.copyOf(warnings);
    }
}
