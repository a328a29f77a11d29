package dev.cairn.state;

import java.nio.file.Path;

/** A database cannot be read any more, because its owner has given it up. */
public final class DatabaseClosedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseClosedException(Path directory) {
        super("the database in " + directory + " has been closed");
    }
}
