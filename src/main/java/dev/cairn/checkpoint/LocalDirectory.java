package dev.cairn.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.jboss.logging.Logger;

import dev.cairn.state.DatabaseInUseException;
import dev.cairn.state.LocalStateException;

/**
 * Where a partition lives on the local disk.
 *
 * <pre>
 *   root/job/instance/partition-p/db       the database
 *   root/job/instance/partition-p.lock     held by whoever uses the directory
 *   root/job/instance/partition-p/staging  files on their way into it or out of it; emptied at every start
 * </pre>
 *
 * <p>The instance is part of the path, because a worker that hangs holds its databases' locks, and the one that takes over
 * on the same machine must not wait for it.
 */
public final class LocalDirectory {

    private static final Logger LOG = Logger.getLogger(LocalDirectory.class);

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

    /**
     * Takes the directory for one owner, so that a restore that was called off and has not noticed yet cannot write where
     * another one does.
     *
     * @throws DatabaseInUseException when another loop or process has it
     */
    Hold hold() {
        Path lock = directory.resolveSibling(directory.getFileName() + ".lock");
        try {
            Files.createDirectories(directory.getParent());
            FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return new Hold(channel);
                }
            } catch (OverlappingFileLockException e) {
                LOG.debugf("another loop of this process holds %s", lock);
            }
            channel.close();
            throw new DatabaseInUseException(directory);
        } catch (IOException e) {
            throw new LocalStateException("cannot lock " + lock + ": " + e, e);
        }
    }

    /** The right to use the directory; let go by closing it. */
    record Hold(FileChannel channel) implements AutoCloseable {

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.warnf("cannot let go of a local directory: %s", e);
            }
        }
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

    /** Gives a damaged database up, so that the next start restores from the store. It may still be open. */
    void condemn() {
        try {
            Files.deleteIfExists(database().resolve("CURRENT"));
        } catch (IOException e) {
            LOG.warnf("cannot give up the database in %s: %s", directory, e);
        }
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
