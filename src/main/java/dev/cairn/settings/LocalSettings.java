package dev.cairn.settings;

import java.nio.file.Path;
import java.util.List;

/**
 * Where local databases live. Immutable.
 *
 * @param rootDirs directories to spread the partitions over; at least one, none twice
 * @param recovery whether a local database is used again after a restart
 * @param backend where state is read while the job runs
 */
public record LocalSettings(List<Path> rootDirs, boolean recovery, StateBackend backend) {

    public LocalSettings {
        rootDirs = List.copyOf(rootDirs);
    }
}
