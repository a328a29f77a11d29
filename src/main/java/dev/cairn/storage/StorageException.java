package dev.cairn.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

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
