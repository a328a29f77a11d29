package dev.cairn.demo;

/** The demo cannot run as it was asked to; the message says why, and is all that its user sees. */
final class DemoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DemoException(String message) {
        super(message);
    }

    DemoException(String message, Throwable cause) {
        super(message, cause);
    }
}
