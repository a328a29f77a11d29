package dev.cairn.job;

/** What was asked of a job cannot be done. The message is one line: the thing, the cause and the way out. */
public final class JobException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public JobException(String message) {
        super(message);
    }

    public JobException(String message, Throwable cause) {
        super(message, cause);
    }
}
