package dev.cairn.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** The store did not do what it was asked. {@link #isPermanent} says whether trying again may help. */
public class StorageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final StoreFault fault;

    /** With what was attempted, on which object, and why it failed; the cause says what kind of failure it is. */
    public StorageException(String message, Throwable cause) {
        super(message, cause);
        this.fault = StoreFault.of(cause);
    }

    /** With what was attempted, on which object, and why it failed; it may pass by itself. */
    public StorageException(String message) {
        super(message);
        this.fault = StoreFault.TRANSIENT;
    }

    /** What kind of failure it is. */
    public StoreFault fault() {
        return fault;
    }

    /** Whether trying again is of no use until a person has changed something: denied, no such bucket, no space. */
    public boolean isPermanent() {
        return fault.isPermanent();
    }

    /**
     * Says what failed on a file system, and why.
     *
     * @param attempt what was attempted: {@code store file:/checkpoints/job/x}
     */
    static StorageException failed(String attempt, IOException cause) {
        return new StorageException("cannot " + attempt + ": " + reason(cause), cause);
    }

    /** The words that an exception of {@code java.nio.file} leaves to its class, and the file it is about. */
    static String reason(IOException cause) {
        if (!(cause instanceof FileSystemException e)) {
            return cause.getMessage() == null ? cause.toString() : cause.getMessage();
        }
        return e.getFile() + ": " + reasonAlone(e);
    }

    private static String reasonAlone(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (e instanceof NotDirectoryException) {
            return "it is a file, not a directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e.getReason() == null ? e.toString() : e.getReason();
    }
}
