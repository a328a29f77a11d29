package dev.cairn.checkpoint.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Origin;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.Snapshot;
import dev.cairn.state.PartitionDatabase;

/**
 * A partition's database, ready to continue.
 *
 * @param database at the checkpoint
 * @param hold on the directory of the database
 * @param checkpoint what it is at, or nothing for an empty state
 * @param source where it came from
 * @param fetchedBytes what was read from the store
 * @param begunFrom what a path pointed at, where the partition was started from one
 * @param listing what the store held
 */
public record Restored(
        PartitionDatabase database,
        LocalDirectory.Hold hold,
        Optional<CheckpointMetadata> checkpoint,
        Source source,
        long fetchedBytes,
        Optional<Snapshot> begunFrom,
        CheckpointStore.Listing listing)
        implements AutoCloseable {

    private static final int MOST_ORIGINS = 16;

    /** Closes the database, and lets go of its directory. */
    @Override
    public void close() {
        database.close();
        hold.close();
    }

    /** The same, begun from a snapshot; a checkpoint of elsewhere is none of the partition's own. */
    public Restored begunFrom(Snapshot snapshot, boolean elsewhere, CheckpointStore.Listing held) {
        return new Restored(
                database,
                hold,
                elsewhere ? Optional.empty() : checkpoint,
                elsewhere ? Source.PATH : source,
                fetchedBytes,
                Optional.of(snapshot),
                held);
    }

    /** What it is at: a checkpoint of the partition or one of elsewhere; nothing for an empty state. */
    public Optional<CheckpointMetadata> content() {
        return checkpoint.or(() -> begunFrom.map(Snapshot::checkpoint));
    }

    /** What the checkpoints that follow carry on as their origins. */
    public List<Origin> origins() {
        List<Origin> origins =
                new ArrayList<>(content().map(CheckpointMetadata::origins).orElse(List.of()));
        begunFrom.map(Snapshot::origin).ifPresent(origins::add);
        return origins.subList(Math.max(0, origins.size() - MOST_ORIGINS), origins.size());
    }

    /** Where a restored state came from. */
    public enum Source {
        /** There was none to restore. */
        EMPTY,
        /** From the local disk, apart from deltas that it lacked. */
        LOCAL,
        /** From the store. */
        STORE,
        /** From a checkpoint or savepoint of elsewhere. */
        PATH
    }
}
