package dev.cairn.state;

import java.nio.file.Path;

/** Another loop or process has the database open; it will be free when that one has let go. */
public final class DatabaseInUseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseInUseException(Path directory, Throwable cause) {
        super("the database in " + directory + " is open in another loop or process", cause);
    }
}
