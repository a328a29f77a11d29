package dev.cairn.settings;

/** What stays of a job's checkpoints when it ends on purpose. A suspension, such as SIGTERM, never deletes any. */
public enum Retention {
    /** Everything stays. */
    RETAIN_ON_CANCELLATION,
    /** Cancelling deletes them; a stop with a savepoint does not. */
    DELETE_ON_CANCELLATION,
    /** Cancelling deletes them, and so does a stop with a savepoint, once that is whole. */
    NO_EXTERNALIZED_CHECKPOINTS
}
