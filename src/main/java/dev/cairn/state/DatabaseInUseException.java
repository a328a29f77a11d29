package dev.cairn.state;

import java.nio.file.Path;

/** Another loop or process has the database open; it will be free when that one has let go. */
public final class DatabaseInUseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** For the directory that someone else uses. */
    public DatabaseInUseException(Path directory) {
        super(directory + " is in use by another loop or process");
    }
}
