package dev.cairn.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The directory {@code .tmp} of a {@link FileObjectStore}, where objects are written before they appear under their keys.
 *
 * <p>It is in the store's own file system, outside of every listing, and shared by all processes that use the store. Files
 * have unique names; what a killed process left is removed by age when a store is opened to be written.
 */
record TemporaryFiles(Path directory) {

    /**
     * Much longer than a file in use goes without being written to. The file of a process that stood still for longer is
     * removed all the same; the process then fails to link it, and nothing else happens.
     */
    static final Duration STALE_AFTER = Duration.ofMinutes(10);

    /** Creates the directory, makes sure that the file system can do what the store needs, and removes stale files. */
    void prepare() throws IOException {
        DurableFiles.createDirectories(directory, directory.getParent());
        removeStale(tryOut());
    }

    /** A name for a new file. */
    Path next() {
        return directory.resolve(UUID.randomUUID().toString());
    }

    /** Does once what every write will do, and returns the time by the file system's clock. */
    private Instant tryOut() throws IOException {
        Path file = next();
        Path link = next();
        try {
            DurableFiles.write(file, new byte[] {1});
            link(link, file);
            DurableFiles.sync(directory, directory.getParent());
            return Files.getLastModifiedTime(file).toInstant();
        } finally {
            DurableFiles.discard(link);
            DurableFiles.discard(file);
        }
    }

    private static void link(Path link, Path file) throws IOException {
        try {
            Files.createLink(link, file);
        } catch (UnsupportedOperationException | IOException e) {
            FileSystemException refused = new FileSystemException(
                    link.toString(), null, "the file system has no hard links, by which an object appears in one step");
            refused.initCause(e);
            throw refused;
        }
    }

    private void removeStale(Instant now) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (isStale(file, now)) {
                    DurableFiles.discard(file);
                }
            }
        }
    }

    private static boolean isStale(Path file, Instant now) {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(STALE_AFTER));
        } catch (IOException e) {
            // Its owner was quicker.
            return false;
        }
    }
}
