package dev.cairn.worker.status;

/** The state of a worker or of a whole job, as it is shown. A later one outranks an earlier one. */
public enum JobState {
    /** Every partition is processed, and checkpoints arrive. */
    RUNNING,
    /** A person has paused it: partitions stay, no record is processed. */
    PAUSED,
    /** It has not joined its group yet. */
    STARTING,
    /** Partitions are being restored or are moving. */
    RESTORING,
    /** It takes its last checkpoint and ends. */
    STOPPING,
    /** No worker runs it. */
    STOPPED,
    /** It works, but not as it should: the reasons say what is missing. */
    DEGRADED,
    /** Every partition waits for a person. */
    PARKED,
    /** It has work and does not get ahead. */
    STALLED,
    /** Kafka does not answer. */
    UNREACHABLE,
    /** It has failed and ends. */
    FAILED;

    /** Whether a person should look. */
    public boolean isBad() {
        return compareTo(DEGRADED) >= 0;
    }

    JobState worse(JobState other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
