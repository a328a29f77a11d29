package dev.cairn.checkpoint.format;

/** A checkpoint, or an object it needs, is missing or is not what was written. Trying again does not help. */
public class DamagedCheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the object and what is wrong with it. */
    public DamagedCheckpointException(String message) {
        super(message);
    }

    /** With the object and what is wrong with it. */
    public DamagedCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
