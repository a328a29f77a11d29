package dev.cairn.worker;

/** The epochs under way cannot be committed: the loop goes back to the last checkpoint. Nothing is lost. */
class RollBackException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    RollBackException(String message) {
        this(message, FailureKind.RETRIABLE);
    }

    RollBackException(String message, FailureKind kind) {
        super(message);
        this.kind = kind;
    }

    RollBackException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
        this.kind = FailureKind.of(cause);
    }

    /** What the failure is about. */
    FailureKind kind() {
        return kind;
    }
}
