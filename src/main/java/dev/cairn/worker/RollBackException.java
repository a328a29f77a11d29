package dev.cairn.worker;

/** The epochs under way cannot be committed: the loop goes back to the last checkpoint. Nothing is lost. */
final class RollBackException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RollBackException(String message) {
        super(message);
    }

    RollBackException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }
}
