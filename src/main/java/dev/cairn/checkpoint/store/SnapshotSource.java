package dev.cairn.checkpoint.store;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Where the state of a job's partitions can be taken from. Thread-safe; every call blocks. */
public interface SnapshotSource {

    /** What it is, for messages. */
    String description();

    /** The partitions that it holds, in order. */
    List<Integer> partitions();

    /**
     * The state of a partition, as of now.
     *
     * @return nothing where it has none
     * @throws dev.cairn.checkpoint.format.DamagedCheckpointException when it cannot be read
     */
    Optional<Snapshot> of(int partition);

    /**
     * Deletes what no one needs any more: the owner of all of it does not need a partition's part any more. Called again, it does
     * the rest.
     *
     * @throws dev.cairn.storage.StorageException when the store fails
     */
    void release(Snapshot snapshot);

    /** How many partitions the input topics have to have, where it can tell for all of the job. */
    default OptionalInt partitionCount() {
        return OptionalInt.empty();
    }
}
