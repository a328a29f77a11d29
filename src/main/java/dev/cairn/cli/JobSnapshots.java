package dev.cairn.cli;

import java.util.Optional;
import java.util.Set;

import dev.cairn.checkpoint.CheckpointId;
import dev.cairn.checkpoint.CheckpointMetadata;
import dev.cairn.checkpoint.CheckpointStore;
import dev.cairn.checkpoint.SnapshotPath;
import dev.cairn.checkpoint.SnapshotSource;
import dev.cairn.checkpoint.SnapshotSources;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;

/** The last committed checkpoints of a job: those that its group names, where that can be asked. */
final class JobSnapshots {

    private static final int MOST_LOOKS = 10;

    private JobSnapshots() {}

    static SnapshotSource of(CheckpointsDirectory directory, ObjectStore objects, String job, Group group) {
        return SnapshotSources.ofJob(
                SnapshotPath.of(directory.location() + "/" + job),
                Jobs.partitions(objects, job),
                objects,
                (partition, store) -> newest(partition, store, group));
    }

    private static Optional<CheckpointMetadata> newest(int partition, CheckpointStore store, Group group) {
        for (int look = 1; ; look++) {
            Optional<CheckpointId> named =
                    group.source().look(partition, Set.of()).newest();
            if (named.isEmpty()) {
                return SnapshotSources.newest(partition, store);
            }
            try {
                CheckpointMetadata checkpoint = store.read(named.get().number());
                if (checkpoint.uid().equals(named.get().uid())) {
                    return Optional.of(checkpoint);
                }
            } catch (ObjectMissingException e) {
                // A running job has gone on since, and has retired it.
            }
            if (look == MOST_LOOKS) {
                throw new CommandException("the group names " + named.get() + " of partition " + partition
                        + ", which is not in " + store.location() + ". Correct --dir, or leave"
                        + " kafka.bootstrap.servers unset to go by the store alone");
            }
        }
    }
}
