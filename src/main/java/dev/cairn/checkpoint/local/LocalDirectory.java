package dev.cairn.checkpoint.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jboss.logging.Logger;

import dev.cairn.state.DatabaseInUseException;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.SstFiles;
import dev.cairn.storage.OwnerOnly;

/**
 * Where a partition lives on the local disk.
 *
 * <pre>
 *   root/job/instance/partition-p/db       the database
 *   root/job/instance/partition-p.lock     held by its user
 *   root/job/instance/partition-p/staging  files on their way into it or out of it; emptied at every start
 * </pre>
 *
 * <p>The instance is part of the path, because a worker that hangs holds its databases' locks, and the one that takes over
 * on the same machine must not wait for it.
 */
public final class LocalDirectory {

    private static final Logger LOG = Logger.getLogger(LocalDirectory.class);

    /**
     * The lock files that this process holds. The system lets go of all locks that a process has on a file as soon as the
     * process closes the file once, so a file that is locked is not opened a second time.
     */
    private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

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
            Files.createDirectories(directory.getParent(), OwnerOnly.directory());
            // The same file by another path is the same lock.
            lock = directory.getParent().toRealPath().resolve(lock.getFileName());
            if (!LOCKED.add(lock)) {
                throw new DatabaseInUseException(directory);
            }
            try {
                return lock(lock);
            } catch (IOException | RuntimeException e) {
                LOCKED.remove(lock);
                throw e;
            }
        } catch (IOException e) {
            throw new LocalStateException("cannot lock " + lock + ": " + e, e);
        }
    }

    private Hold lock(Path lock) throws IOException {
        FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return new Hold(lock, channel);
            }
            throw new DatabaseInUseException(directory);
        } catch (OverlappingFileLockException e) {
            // Code outside of this class holds it.
            channel.close();
            throw new DatabaseInUseException(directory);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** The right to use the directory; closing it gives the right up. Closing it again does nothing. */
    public static final class Hold implements AutoCloseable {

        private final Path lock;
        private final FileChannel channel;

        private Hold(Path lock, FileChannel channel) {
            this.lock = lock;
            this.channel = channel;
        }

        @Override
        public synchronized void close() {
            if (!channel.isOpen()) {
                return;
            }
            try {
                channel.close();
            } catch (IOException e) {
                LOG.warnf("cannot release the lock on a local directory: %s", e);
            } finally {
                LOCKED.remove(lock);
            }
        }
    }

    Path database() {
        return directory.resolve("db");
    }

    /** A path below the staging directory, which exists. Nothing is there yet. */
    public Path staging(String name) {
        Path staging = directory.resolve("staging");
        try {
            Files.createDirectories(staging, OwnerOnly.directory());
        } catch (IOException e) {
            throw new LocalStateException("cannot create " + staging + ": " + e, e);
        }
        return staging.resolve(name);
    }

    boolean hasDatabase() {
        return Files.exists(database().resolve("CURRENT"));
    }

    /** Gives a damaged database up, so that the next start restores from the store. It may still be open. */
    public void condemn() {
        try {
            Files.deleteIfExists(database().resolve("CURRENT"));
        } catch (IOException e) {
            LOG.warnf("cannot give up the database in %s: %s", directory, e);
        }
    }

    /** A file of the database that is not what RocksDB wrote. The database is closed. */
    public Optional<String> findDamage() {
        if (!hasDatabase()) {
            return Optional.of(database().resolve("CURRENT") + " is missing");
        }
        try (Stream<Path> files = Files.list(database())) {
            for (Path file : files.filter(path -> path.toString().endsWith(".sst"))
                    .sorted()
                    .toList()) {
                SstFiles.verify(file);
            }
            PartitionDatabase.identityOf(database());
            return Optional.empty();
        } catch (LocalStateException e) {
            return Optional.of(e.getMessage());
        } catch (IOException e) {
            return Optional.of(database() + " cannot be listed: " + e);
        }
    }

    void clearStaging() {
        delete(directory.resolve("staging"));
    }

    /** Removes everything of the partition. Its database is closed. */
    public void clear() {
        delete(directory);
    }

    public static void delete(Path path) {
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
