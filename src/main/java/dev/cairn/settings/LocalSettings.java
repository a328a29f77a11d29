package dev.cairn.settings;

import java.nio.file.Path;
import java.util.List;

/**
 * Where local databases live. Immutable.
 *
 * @param rootDirs directories to spread the partitions over; at least one, none twice
 * @param recovery whether a local database is used again after a restart
 */
public record LocalSettings(List<Path> rootDirs, boolean recovery) {

    public LocalSettings {
        rootDirs = List.copyOf(rootDirs);
    }
}
