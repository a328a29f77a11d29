package dev.cairn.settings;

/** What happens to a record that cannot be deserialised or processed. */
public enum ErrorPolicy {
    /** The worker stops; nothing is skipped. */
    FAIL,
    /** The record is dropped, with a line in the log. */
    SKIP,
    /** The record goes to the dead-letter topic, inside the same transaction. */
    DEAD_LETTER
}
