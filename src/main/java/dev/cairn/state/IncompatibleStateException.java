package dev.cairn.state;

/** What the processor declares does not fit what is stored. */
public final class IncompatibleStateException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    IncompatibleStateException(String message) {
        super(message);
    }
}
