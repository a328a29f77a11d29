package dev.cairn.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where local databases live. Immutable.
 *
 * @param rootDirs directories to spread the partitions over; at least one, none twice
 * @param recovery whether a local database is used again after a restart
 * @param backend where state is read while the job runs
 * @param rocksMemory for RocksDB's block cache; empty where it follows from the heap and the container
 */
public record LocalSettings(
        List<Path> rootDirs, boolean recovery, StateBackend backend, Optional<MemorySize> rocksMemory) {

    public LocalSettings {
        rootDirs = List.copyOf(rootDirs);
    }
}
