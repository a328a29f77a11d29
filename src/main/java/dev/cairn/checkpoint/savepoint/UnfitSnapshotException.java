package dev.cairn.checkpoint.savepoint;

/** State is whole, and cannot be used for what was asked. Trying again does not help. */
public final class UnfitSnapshotException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what is in the way, and the way out. */
    public UnfitSnapshotException(String message) {
        super(message);
    }
}
