package dev.cairn.state;

import java.nio.file.Path;

/**
 * A file of a database, linked aside.
 *
 * @param name its name in the database, such as {@code 000016.sst}
 * @param path where it is linked
 * @param size in bytes
 */
public record DatabaseFile(String name, Path path, long size) {

    /** Whether it is a sorted file, which never changes, or one of those that describe the database. */
    public boolean isSorted() {
        return name.endsWith(".sst");
    }
}
