package dev.cairn.settings;

/** What a job promises about its results after a failure. */
public enum CheckpointMode {
    /** Outputs, offsets and checkpoint are committed in one Kafka transaction. */
    EXACTLY_ONCE,
    /** Outputs may repeat after a failure; none is missing. */
    AT_LEAST_ONCE
}
