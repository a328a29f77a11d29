package dev.cairn.state;

import java.util.List;

/** The local disk or the database on it failed. The checkpoints are not touched by that. */
public class LocalStateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What the system says when the process may not, or has too little of something. */
    private static final List<String> SHORTAGES = List.of(
            "No space left on device",
            "Disk quota exceeded",
            "Too many open files",
            "Permission denied",
            "Read-only file system",
            "Cannot allocate memory");

    /** With the file or directory, and what RocksDB or the system said. */
    public LocalStateException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the machine lacks something, which a person can mend: the files themselves may be whole. */
    public boolean isShortage() {
        return getMessage() != null && SHORTAGES.stream().anyMatch(getMessage()::contains);
    }
}
