package dev.cairn.processors;

/** A record's value has no usable number where one is expected. Says where and why, and nothing of the value's content. */
final class NoNumberException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoNumberException(String pointer, String why) {
        super("no number at " + pointer + ": " + why);
    }
}
