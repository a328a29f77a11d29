package dev.cairn.state;

/** The local disk or the database on it failed. The checkpoints are not touched by that. */
public final class LocalStateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the file or directory, and what RocksDB or the system said. */
    public LocalStateException(String message, Throwable cause) {
        super(message, cause);
    }
}
