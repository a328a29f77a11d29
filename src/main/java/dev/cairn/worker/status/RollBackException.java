package dev.cairn.worker.status;

/** The epochs under way cannot be committed: the loop goes back to the last checkpoint. Nothing is lost. */
public class RollBackException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    public RollBackException(String message) {
        this(message, FailureKind.RETRIABLE);
    }

    public RollBackException(String message, FailureKind kind) {
        super(message);
        this.kind = kind;
    }

    public RollBackException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
        this.kind = FailureKind.of(cause);
    }

    /** What the failure is about. */
    public FailureKind kind() {
        return kind;
    }
}
