package dev.cairn.fleet;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What workers can be told. Of the commands with the same key, the last one counts for those who come later. */
enum CommandKind {
    /** Take a checkpoint. */
    CHECKPOINT("checkpoint"),
    /** Take a checkpoint, of which a savepoint is going to be made. */
    SAVEPOINT("savepoint"),
    /** Process nothing until told otherwise, also after a restart. */
    PAUSE("state"),
    /** Continue. */
    RESUME("state"),
    /** End the job, for all who run it and for all who are started later. */
    CANCEL("job"),
    /** Let the job run again. */
    START("job");

    private final String key;

    CommandKind(String key) {
        this.key = key;
    }

    /** Of the record that holds the command. */
    String key() {
        return key;
    }

    /** As it is written. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<CommandKind> of(String text) {
        return Stream.of(values()).filter(kind -> kind.text().equals(text)).findFirst();
    }
}
