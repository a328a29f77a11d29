package dev.cairn.storage;

/** The store did not do what it was asked; trying again may help. */
public class StorageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With what was attempted, on which object, and why it failed. */
    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }

    /** With what was attempted, on which object, and why it failed. */
    public StorageException(String message) {
        super(message);
    }
}
