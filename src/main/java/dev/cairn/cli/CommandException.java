package dev.cairn.cli;

/** A command cannot do what it was asked to. The message is one line: the thing, the cause and the way out. */
final class CommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }

    CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}
