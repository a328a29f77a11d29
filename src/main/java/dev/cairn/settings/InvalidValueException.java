package dev.cairn.settings;

/** A setting's value cannot be used. */
final class InvalidValueException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String wayOut;

    /**
     * @param cause what is wrong, a clause that follows name and value
     * @param wayOut what to write instead, a sentence
     */
    InvalidValueException(String cause, String wayOut) {
        super(cause);
        this.wayOut = wayOut;
    }

    /** The problem that it is. */
    Problem problem(String setting, String value) {
        return Problem.ofValue(setting, value, getMessage(), wayOut);
    }
}
