package dev.cairn.settings;

/** Where a new job starts in its input topics. */
public enum InputStart {
    /** With the oldest record that the topics still hold. */
    EARLIEST,
    /** With the records written from now on. */
    LATEST
}
