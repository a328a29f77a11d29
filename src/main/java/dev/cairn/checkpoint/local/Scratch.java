package dev.cairn.checkpoint.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.store.Snapshot;
import dev.cairn.checkpoint.store.SnapshotSource;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.RocksLibrary;
import dev.cairn.state.RocksResources;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.OwnerOnly;

/**
 * A place on the local disk to look at state without running a job; gone when it is closed. It needs room for the state that
 * is opened at the same time. Used by one thread.
 */
public final class Scratch implements AutoCloseable {

    private static final long BLOCK_CACHE_BYTES = 32L << 20;
    private static final int DOWNLOADS = 8;
    private static final int ABANDON_ROUNDS = 10;

    private final Path directory;
    private final RocksResources resources;
    private final ExecutorService downloads;
    private final OnExit onExit;

    private Scratch(Path directory, RocksResources resources, ExecutorService downloads, OnExit onExit) {
        this.directory = directory;
        this.resources = resources;
        this.downloads = downloads;
        this.onExit = onExit;
    }

    /**
     * Makes one in the temporary directory, {@code java.io.tmpdir}.
     *
     * @throws LocalStateException when that is not possible
     */
    public static Scratch create() {
        try {
            Path directory = Files.createTempDirectory("cairn-");
            RocksLibrary.load(directory.resolve("native"));
            ExecutorService downloads = Executors.newFixedThreadPool(DOWNLOADS, task -> {
                Thread thread = new Thread(task, "cairn-download");
                thread.setDaemon(true);
                return thread;
            });
            RocksResources resources = new RocksResources(BLOCK_CACHE_BYTES);
            return new Scratch(directory, resources, downloads, OnExit.run(() -> abandon(directory)));
        } catch (IOException e) {
            throw new LocalStateException(
                    "cannot create a temporary directory: " + e + "; name one by -Djava.io.tmpdir", e);
        }
    }

    /**
     * Opens the state of a partition. To be closed before this is.
     *
     * @throws DamagedCheckpointException when an object it needs is missing or altered
     */
    public Restored open(Snapshot snapshot) {
        CheckpointMetadata checkpoint = snapshot.checkpoint();
        LocalDirectory local =
                LocalDirectory.of(List.of(directory), checkpoint.job(), "scratch", checkpoint.partition());
        return new PartitionRestorer(
                        checkpoint.job(),
                        checkpoint.partition(),
                        snapshot.store(),
                        local,
                        resources,
                        false,
                        downloads,
                        Progress.NONE)
                .restore(checkpoint, CheckpointStore.Listing.NONE);
    }

    /**
     * Opens the state that a source has of a partition. A checkpoint that a running job retires meanwhile leads to the newer
     * one.
     *
     * @return nothing where the source has none
     * @throws DamagedCheckpointException when it cannot be read, or an object it needs is missing or altered
     */
    public Optional<Restored> open(SnapshotSource source, int partition) {
        Optional<Snapshot> snapshot = source.of(partition);
        while (snapshot.isPresent()) {
            try {
                return Optional.of(open(snapshot.get()));
            } catch (DamagedCheckpointException | ObjectMissingException e) {
                String uid = snapshot.get().checkpoint().uid();
                snapshot = source.of(partition)
                        .filter(now -> !now.checkpoint().uid().equals(uid));
                if (snapshot.isEmpty()) {
                    throw e;
                }
            }
        }
        return Optional.empty();
    }

    /** Closes the state of a partition, and frees the room it took. */
    public void discard(Restored opened) {
        opened.close();
        opened.checkpoint().ifPresent(checkpoint -> LocalDirectory.of(
                        List.of(directory), checkpoint.job(), "scratch", checkpoint.partition())
                .clear());
    }

    /** A new directory. */
    public Path directory(String name) {
        try {
            return Files.createDirectories(directory.resolve(name), OwnerOnly.directory());
        } catch (IOException e) {
            throw new LocalStateException("cannot create " + directory.resolve(name) + ": " + e, e);
        }
    }

    public RocksResources resources() {
        return resources;
    }

    @Override
    public void close() {
        downloads.shutdownNow();
        resources.close();
        LocalDirectory.delete(directory);
        onExit.close();
    }

    /** Others may still be writing there: what they add in between is deleted in another round. */
    private static void abandon(Path directory) {
        for (int round = 0; round < ABANDON_ROUNDS && Files.exists(directory); round++) {
            try {
                LocalDirectory.delete(directory);
            } catch (LocalStateException | UncheckedIOException e) {
                // The next round, if there is one.
            }
        }
    }
}
