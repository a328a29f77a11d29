package dev.cairn.settings;

/** Who owns the checkpoint or savepoint that a job was started from. */
public enum ClaimMode {
    /** It stays whose it was: the job copies what it needs with its first checkpoint, and never deletes it. */
    NO_CLAIM,
    /** The job's: deleted when the job's own checkpoints do not need it any more. */
    CLAIM
}
