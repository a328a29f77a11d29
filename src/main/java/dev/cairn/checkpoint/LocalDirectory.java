package dev.cairn.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import dev.cairn.state.LocalStateException;

/**
 * Where a partition lives on the local disk.
 *
 * <pre>
 *   root/job/instance/partition-p/db       the database
 *   root/job/instance/partition-p/staging  files on their way into it or out of it; emptied at every start
 * </pre>
 *
 * <p>The instance is part of the path, because a worker that hangs holds its databases' locks, and the one that takes over
 * on the same machine must not wait for it.
 */
public final class LocalDirectory {

    private final Path directory;

    private LocalDirectory(Path directory) {
        this.directory = directory;
    }

    /** For a partition; several roots take turns. */
    public static LocalDirectory of(List<Path> roots, String job, String instance, int partition) {
        Path root = roots.get(partition % roots.size());
        return new LocalDirectory(root.resolve(job)
                .resolve(instance)
                .resolve("partition-" + partition)
                .toAbsolutePath());
    }

    Path database() {
        return directory.resolve("db");
    }

    /** A path below the staging directory, which exists. Nothing is there yet. */
    Path staging(String name) {
        Path staging = directory.resolve("staging");
        try {
            Files.createDirectories(staging);
        } catch (IOException e) {
            throw new LocalStateException("cannot create " + staging + ": " + e, e);
        }
        return staging.resolve(name);
    }

    boolean hasDatabase() {
        return Files.exists(database().resolve("CURRENT"));
    }

    void clearStaging() {
        delete(directory.resolve("staging"));
    }

    /** Removes everything of the partition. Its database is closed. */
    public void clear() {
        delete(directory);
    }

    static void delete(Path path) {
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (NoSuchFileException e) {
            // It is gone, as it should be.
        } catch (IOException e) {
            throw new LocalStateException("cannot delete " + path + ": " + e, e);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
