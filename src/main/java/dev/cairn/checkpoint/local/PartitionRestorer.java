package dev.cairn.checkpoint.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;

import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.Base;
import dev.cairn.checkpoint.format.BaseDescription;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.CheckpointPaths;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.Identity;
import dev.cairn.checkpoint.format.ObjectRef;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.state.DamagedDatabaseException;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.RocksResources;
import dev.cairn.state.SstFiles;
import dev.cairn.storage.OwnerOnly;
import dev.cairn.storage.StorageException;

/**
 * Brings a partition's local database to a checkpoint: by the deltas it lacks, where it is on the checkpoint's line, or
 * from nothing. On an I/O thread.
 *
 * @param localRecovery whether a local database may be used at all
 * @param downloads runs downloads in parallel; its threads are not the caller's
 * @param progress is told of bytes as they come, on the downloads' threads
 */
public record PartitionRestorer(
        String job,
        int partition,
        CheckpointStore store,
        LocalDirectory local,
        RocksResources resources,
        boolean localRecovery,
        Executor downloads,
        Progress progress) {

    private static final Logger LOG = Logger.getLogger(PartitionRestorer.class);

    /** Starts with nothing: whatever is on the local disk is removed. */
    public Restored empty(CheckpointStore.Listing listing) {
        return holding(hold -> {
            local.clear();
            PartitionDatabase database = PartitionDatabase.open(local.database(), resources);
            return new Restored(database, hold, Optional.empty(), Restored.Source.EMPTY, 0, Optional.empty(), listing);
        });
    }

    /**
     * Restores a checkpoint.
     *
     * @throws DamagedCheckpointException when an object it needs is missing or altered
     * @throws StorageException when the store fails
     * @throws LocalStateException when the disk fails
     * @throws dev.cairn.state.DatabaseInUseException when another loop has not let go of the database yet
     */
    public Restored restore(CheckpointMetadata checkpoint, CheckpointStore.Listing listing) {
        return holding(hold -> {
            local.clearStaging();
            if (!localRecovery) {
                local.clear();
            }
            Optional<Restored> continued =
                    local.hasDatabase() ? continueLocal(hold, checkpoint, listing) : Optional.empty();
            return continued.orElseGet(() -> fromStore(hold, checkpoint, listing));
        });
    }

    /** Lets go of the directory when nothing came of it. */
    private Restored holding(Function<LocalDirectory.Hold, Restored> restore) {
        LocalDirectory.Hold hold = local.hold();
        try {
            return restore.apply(hold);
        } catch (RuntimeException e) {
            hold.close();
            throw e;
        }
    }

    private Optional<Restored> continueLocal(
            LocalDirectory.Hold hold, CheckpointMetadata checkpoint, CheckpointStore.Listing listing) {
        PartitionDatabase database;
        try {
            database = PartitionDatabase.open(local.database(), resources);
        } catch (LocalStateException e) {
            return damaged(e);
        }
        try {
            Optional<List<Delta>> lacking = uidOf(database).flatMap(uid -> checkpoint.deltasAfter(Optional.of(uid)));
            if (lacking.isEmpty()) {
                LOG.infof("partition %s: the local database is not on the line of %s", partition, checkpoint.id());
                database.close();
                return Optional.empty();
            }
            return Optional.of(takeIn(database, hold, checkpoint, lacking.get(), Restored.Source.LOCAL, 0, listing));
        } catch (LocalStateException e) {
            database.close();
            return damaged(e);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** @throws LocalStateException when it is the machine that lacks something: the next try may find the database whole */
    private Optional<Restored> damaged(LocalStateException failure) {
        if (failure.isShortage()) {
            throw failure;
        }
        LOG.warnf(
                "partition %s: the local database is damaged and is restored from %s: %s",
                partition, store.location(), failure.getMessage());
        return Optional.empty();
    }

    /**
     * The unique id of the checkpoint that the local database is at. A database takes a checkpoint in once the group has
     * accepted it, so that one was committed.
     *
     * @return nothing without a database that can be opened and used
     * @throws dev.cairn.state.DatabaseInUseException when another loop has not let go of the database yet
     */
    public Optional<String> localUid() {
        if (!localRecovery || !local.hasDatabase()) {
            return Optional.empty();
        }
        LocalDirectory.Hold hold = local.hold();
        try (PartitionDatabase database = PartitionDatabase.open(local.database(), resources)) {
            return uidOf(database);
        } catch (LocalStateException e) {
            LOG.debugf("partition %s: the local database proves nothing: %s", partition, e.getMessage());
            return Optional.empty();
        } finally {
            hold.close();
        }
    }

    private Optional<String> uidOf(PartitionDatabase database) {
        return database.identity()
                .flatMap(Identity::decode)
                .filter(identity -> identity.job().equals(job) && identity.partition() == partition)
                .map(Identity::uid);
    }

    private Restored fromStore(
            LocalDirectory.Hold hold, CheckpointMetadata checkpoint, CheckpointStore.Listing listing) {
        local.clear();
        Optional<Base> base = Optional.ofNullable(checkpoint.base());
        base.ifPresent(this::fetchBase);
        try {
            return fetched(hold, checkpoint, base, listing);
        } catch (DamagedDatabaseException e) {
            // Every byte is the one that was stored.
            throw new DamagedCheckpointException(
                    store.locationOf(checkpoint.number()) + " needs objects that were damaged before they were stored: "
                            + e.getMessage(),
                    e);
        }
    }

    private Restored fetched(
            LocalDirectory.Hold hold,
            CheckpointMetadata checkpoint,
            Optional<Base> base,
            CheckpointStore.Listing listing) {
        PartitionDatabase database = PartitionDatabase.open(local.database(), resources);
        try {
            return takeIn(
                    database,
                    hold,
                    checkpoint,
                    checkpoint.deltas(),
                    Restored.Source.STORE,
                    base.map(Base::bytes).orElse(0L),
                    listing);
        } catch (RuntimeException e) {
            database.close();
            local.clear();
            throw e;
        }
    }

    /** Puts the base's files where the database is opened. It appears there whole or not at all. */
    private void fetchBase(Base base) {
        progress.begin("base", base.bytes());
        BaseDescription description = store.readBase(base);
        Path target = local.staging("base");
        try {
            Files.createDirectories(target, OwnerOnly.directory());
            List<CompletableFuture<Void>> fetches = new ArrayList<>();
            for (BaseDescription.File file : description.files()) {
                fetches.add(fetch(file.object(), target.resolve(file.name())));
            }
            await(fetches);
            for (Map.Entry<String, String> file : description.manifest().entrySet()) {
                Files.write(
                        target.resolve(Path.of(file.getKey()).getFileName()),
                        Base64.getDecoder().decode(file.getValue()));
            }
            Files.move(target, local.database());
        } catch (IOException e) {
            throw new LocalStateException("cannot write " + target + ": " + e, e);
        }
    }

    private Restored takeIn(
            PartitionDatabase database,
            LocalDirectory.Hold hold,
            CheckpointMetadata checkpoint,
            List<Delta> lacking,
            Restored.Source source,
            long baseBytes,
            CheckpointStore.Listing listing) {
        progress.begin(
                "deltas",
                lacking.stream()
                        .filter(delta -> !delta.holdsChanges())
                        .mapToLong(Delta::bytes)
                        .sum());
        List<Path> files = new ArrayList<>();
        List<CompletableFuture<Void>> fetches = new ArrayList<>();
        for (int i = 0; i < lacking.size(); i++) {
            Delta delta = lacking.get(i);
            Path file = local.staging("delta-" + i + ".sst");
            files.add(file);
            if (delta.holdsChanges()) {
                String identity = new Identity(job, partition, checkpoint.number(), delta.last()).encode();
                SstFiles.write(file, identity, delta.inlineChanges(), resources);
            } else {
                fetches.add(fetch(delta.file(), file));
            }
        }
        await(fetches);
        if (!files.isEmpty()) {
            database.ingest(files);
        }
        if (!uidOf(database).equals(Optional.of(checkpoint.uid()))) {
            throw new DamagedCheckpointException(store.location() + "/"
                    + CheckpointPaths.metadataPath(checkpoint.number()) + " does not fit its files: they lead to "
                    + database.identity().orElse("nothing"));
        }
        long fetched = baseBytes + lacking.stream().mapToLong(Delta::bytes).sum();
        return new Restored(database, hold, Optional.of(checkpoint), source, fetched, Optional.empty(), listing);
    }

    private CompletableFuture<Void> fetch(ObjectRef object, Path target) {
        return CompletableFuture.runAsync(() -> store.fetchSorted(object, target, progress::advance), downloads);
    }

    private static void await(List<CompletableFuture<Void>> fetches) {
        try {
            CompletableFuture.allOf(fetches.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
