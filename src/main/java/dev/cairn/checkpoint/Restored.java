package dev.cairn.checkpoint;

import java.util.Map;
import java.util.Optional;

import dev.cairn.state.PartitionDatabase;

/**
 * A partition's database, ready to go on.
 *
 * @param database at the checkpoint
 * @param hold on the directory of the database
 * @param checkpoint what it is at, or nothing for an empty state
 * @param source where it came from
 * @param fetchedBytes what was read from the store
 * @param deltaFiles which deltas the database's files are, as far as it is known
 * @param base the base it was built from, if that was read
 * @param listing what the store held
 */
public record Restored(
        PartitionDatabase database,
        LocalDirectory.Hold hold,
        Optional<CheckpointMetadata> checkpoint,
        Source source,
        long fetchedBytes,
        Map<String, ObjectRef> deltaFiles,
        Optional<BuiltBase> base,
        CheckpointStore.Listing listing)
        implements AutoCloseable {

    /** Closes the database, and lets go of its directory. */
    @Override
    public void close() {
        database.close();
        hold.close();
    }

    /** Where a restored state came from. */
    public enum Source {
        /** There was none to restore. */
        EMPTY,
        /** From the local disk, apart from deltas that it lacked. */
        LOCAL,
        /** From the store. */
        STORE
    }
}
