package dev.cairn.job;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.SnapshotPath;
import dev.cairn.checkpoint.savepoint.SnapshotSources;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.CommittedCheckpoints;
import dev.cairn.checkpoint.store.GroupSource;
import dev.cairn.checkpoint.store.SnapshotSource;
import dev.cairn.names.SettingNames;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;

/** The last committed checkpoints of a job: those that its group names, where that can be asked. */
final class JobSnapshots {

    private static final int MOST_LOOKS = 10;

    private JobSnapshots() {}

    static SnapshotSource of(ObjectStore objects, String job, Group group) {
        List<Integer> partitions = Jobs.partitions(objects, job);
        GroupSource source = group.source(partitions);
        String clusterId = group.pointers().map(GroupPointers::clusterId).orElse("");
        return SnapshotSources.ofJob(
                SnapshotPath.of(objects.location() + "/" + job),
                partitions,
                objects,
                (partition, store) -> newest(partition, store, source, clusterId));
    }

    private static Optional<CheckpointMetadata> newest(
            int partition, CheckpointStore store, GroupSource group, String clusterId) {
        for (int look = 1; ; look++) {
            Optional<CheckpointId> named = group.look(partition, Set.of()).newest();
            if (named.isEmpty()) {
                return CommittedCheckpoints.newest(store, store.list(), Long.MAX_VALUE, clusterId);
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
                throw new JobException("the group names " + named.get() + " of partition " + partition
                        + ", which is not in " + store.location()
                        + ". Correct the directory of the checkpoints, or leave"
                        + " " + SettingNames.KAFKA_BOOTSTRAP_SERVERS + " unset to go by the store only");
            }
        }
    }
}
