package dev.cairn.worker.start;

import dev.cairn.worker.start.StartedPartition.Retry;

/** Checkpoint and inputs do not belong together; trying again helps only once a person has done something. */
final class UnfitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Retry retry;

    /** For a cause that time does not mend. */
    UnfitException(String message) {
        this(message, Retry.NEVER);
    }

    UnfitException(String message, Retry retry) {
        super(message);
        this.retry = retry;
    }

    StartedPartition.Parked parked() {
        return new StartedPartition.Parked(getMessage(), retry);
    }
}
