package dev.cairn.storage;

/**
 * What others say of a failure, as a part of a sentence of ours: without the full stop that it may end with, because ours
 * follows.
 */
public final class Clause {

    private Clause() {}

    /** A failure's message; what it is, where it has none. */
    public static String of(Throwable failure) {
        return of(failure.getMessage() == null ? failure.toString() : failure.getMessage());
    }

    /** A text without white space and full stops at its end. */
    public static String of(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '.' || Character.isWhitespace(text.charAt(end - 1)))) {
            end--;
        }
        return text.substring(0, end);
    }
}
