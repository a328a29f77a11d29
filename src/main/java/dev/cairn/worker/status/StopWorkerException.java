package dev.cairn.worker.status;

/** This worker cannot continue until a person has done something; the message says what. What is committed stays as it is. */
public class StopWorkerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** With the thing, the cause and the way out. */
    public StopWorkerException(String message) {
        super(message);
    }

    /** With the thing, the cause and the way out. */
    public StopWorkerException(String message, Throwable cause) {
        super(message, cause);
    }
}
