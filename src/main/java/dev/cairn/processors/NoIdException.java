package dev.cairn.processors;

/** A record's value has no usable id where one is expected. Says where and why, and nothing of the value's content. */
final class NoIdException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NoIdException(String pointer, String why) {
        super("no text, number or boolean at " + pointer + ": " + why);
    }
}
