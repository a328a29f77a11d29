package dev.cairn.worker;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.CheckpointId;
import dev.cairn.checkpoint.CheckpointMetadata;
import dev.cairn.checkpoint.CheckpointStore;
import dev.cairn.checkpoint.Checkpointing;
import dev.cairn.checkpoint.CommittedCheckpoints;
import dev.cairn.checkpoint.DamagedCheckpointException;
import dev.cairn.checkpoint.Progress;
import dev.cairn.checkpoint.RestoreDecision;
import dev.cairn.checkpoint.Restored;
import dev.cairn.checkpoint.Snapshot;
import dev.cairn.settings.OnDamage;
import dev.cairn.settings.Settings;
import dev.cairn.storage.ObjectMissingException;

/**
 * Starts a partition: finds out where it stands, restores its state, checks that both fit its inputs. On an I/O thread.
 */
final class PartitionStarter {

    private static final Logger LOG = Logger.getLogger(PartitionStarter.class);

    private final Settings settings;
    private final Checkpointing checkpointing;
    private final GroupOffsets group;
    private final TransactionFencer fencer;
    private final InputPositions positions;
    private final StartPath startPath;

    PartitionStarter(
            Settings settings,
            Checkpointing checkpointing,
            GroupOffsets group,
            TransactionFencer fencer,
            StartPath startPath) {
        this.settings = settings;
        this.checkpointing = checkpointing;
        this.group = group;
        this.fencer = fencer;
        this.startPath = startPath;
        this.positions = new InputPositions(settings, group);
    }

    /**
     * Ends transactions that members left behind who are gone: they hold up the offsets, and the readers of the output.
     * Beside the starts; one that meets such a transaction first waits for its end.
     */
    void endTransactionsLeftBehind() {
        fencer.fenceAbsentMembers(List.of());
    }

    /**
     * Starts.
     *
     * @param inputs the partition, of every input topic
     * @param progress is told how much of its state has been fetched
     * @throws RuntimeException for what may pass by itself (the store or the broker is away, another loop has not let go
     *     of the database): to be called again
     */
    StartedPartition start(int partition, List<TopicPartition> inputs, Progress progress) {
        CheckpointStore store = checkpointing.store(partition);
        Map<TopicPartition, OffsetAndMetadata> committed = committed(partition, inputs);
        while (true) {
            try {
                return start(partition, inputs, committed, store, progress);
            } catch (DamagedCheckpointException | ObjectMissingException e) {
                // A slow restorer can be overtaken: the owner may have gone on and retired what the group named before.
                Map<TopicPartition, OffsetAndMetadata> now = committed(partition, inputs);
                if (now.equals(committed)) {
                    return damaged(partition, inputs, store, e, progress);
                }
                committed = now;
            } catch (UnfitException e) {
                return new StartedPartition.Parked(e.getMessage());
            }
        }
    }

    private StartedPartition start(
            int partition,
            List<TopicPartition> inputs,
            Map<TopicPartition, OffsetAndMetadata> committed,
            CheckpointStore store,
            Progress progress) {
        CheckpointStore.Listing listing = store.list();
        Optional<CheckpointId> pointer = GroupOffsets.pointer(known(committed, inputs));
        Optional<Snapshot> snapshot = startPath.due(partition, store, listing, pointer);
        if (snapshot.isPresent()) {
            return begin(partition, snapshot.get(), inputs, listing, progress);
        }
        boolean hasCheckpoints = pointer.isPresent() || CommittedCheckpoints.any(store, listing);
        RestoreDecision decision = RestoreDecision.decide(
                !committed.isEmpty(),
                pointer,
                hasCheckpoints,
                settings.recovery().onReset());
        if (decision instanceof RestoreDecision.RestoreNamed named) {
            CheckpointMetadata checkpoint = store.read(named.id().number());
            if (!checkpoint.uid().equals(named.id().uid())) {
                throw new DamagedCheckpointException(store.location() + "/" + named.id()
                        + " is not the checkpoint that the group names: its unique id is " + checkpoint.uid()
                        + " instead of "
                        + named.id().uid());
            }
            positions.checkCommitted(checkpoint, committed);
            return restore(partition, checkpoint, inputs, listing, false, progress);
        }
        if (decision instanceof RestoreDecision.RestoreNewestCommitted newest) {
            Optional<CheckpointMetadata> checkpoint = CommittedCheckpoints.newest(store, listing, Long.MAX_VALUE);
            if (checkpoint.isEmpty()) {
                return new StartedPartition.Parked(newest.why() + ", and none of the checkpoints in " + store.location()
                        + " is known to have been committed: move them away to start with empty state");
            }
            LOG.warnf(
                    "partition %d: %s; going on from %s, the newest checkpoint known to be committed",
                    partition, newest.why(), checkpoint.get().id());
            return restore(partition, checkpoint.get(), inputs, listing, true, progress);
        }
        if (decision instanceof RestoreDecision.Park park) {
            return new StartedPartition.Parked(park.cause());
        }
        Map<String, Integer> counts = PartitionCounts.of(inputs, group);
        // A partition without a checkpoint may be one that was added: then its keys' state is elsewhere.
        checkpointing.anySibling().ifPresent(sibling -> PartitionCounts.check(sibling, counts));
        // Checkpoints that are passed over on purpose are left alone.
        return empty(partition, inputs, counts, committed, hasCheckpoints ? listing.numbersAlone() : listing, decision);
    }

    private StartedPartition begin(
            int partition,
            Snapshot snapshot,
            List<TopicPartition> inputs,
            CheckpointStore.Listing listing,
            Progress progress) {
        try {
            Map<String, Integer> counts = PartitionCounts.of(inputs, group);
            startPath.checkCounts(counts);
            PartitionCounts.check(snapshot.checkpoint(), counts);
            Map<String, Long> offsets = positions.recordedBy(snapshot.checkpoint(), inputs);
            Restored restored = checkpointing.begin(partition, snapshot, listing, progress);
            return new StartedPartition.Ready(
                    restored, offsets, counts, startPath.claim(snapshot, checkpointing.store(partition)), true);
        } catch (DamagedCheckpointException | ObjectMissingException e) {
            return new StartedPartition.Parked(e.getMessage()
                    + ". execution.state-recovery.path names it: bring the object back, or name another path");
        }
    }

    private StartedPartition damaged(
            int partition,
            List<TopicPartition> inputs,
            CheckpointStore store,
            RuntimeException why,
            Progress progress) {
        Optional<CheckpointId> named = GroupOffsets.pointer(known(committed(partition, inputs), inputs));
        CheckpointStore.Listing listing = store.list();
        Optional<CheckpointMetadata> older =
                named.flatMap(id -> CommittedCheckpoints.newest(store, listing, id.number()));
        if (older.isEmpty()) {
            return new StartedPartition.Parked(why.getMessage()
                    + ". Restore the object: there is no older checkpoint that is known to be committed");
        }
        if (settings.recovery().onDamage() == OnDamage.PARK) {
            return new StartedPartition.Parked(
                    why.getMessage() + ". Restore the object, or go on from the newest older checkpoint, processing"
                            + " again what came after it: cairn run -s " + store.location() + "/"
                            + older.get().id()
                            + " (and of any partition that is damaged: cairn.recovery.on-damage=use-older)");
        }
        return goOnFrom(partition, older.get(), inputs, listing, why, progress);
    }

    private StartedPartition goOnFrom(
            int partition,
            CheckpointMetadata older,
            List<TopicPartition> inputs,
            CheckpointStore.Listing listing,
            RuntimeException why,
            Progress progress) {
        LOG.warnf(
                "partition %d: %s; going on from %s on purpose: what came after it is processed again",
                partition, why.getMessage(), older.id());
        try {
            return restore(partition, older, inputs, listing, true, progress);
        } catch (DamagedCheckpointException | ObjectMissingException e) {
            return new StartedPartition.Parked(
                    why.getMessage() + "; " + older.id() + " is no better: " + e.getMessage());
        } catch (UnfitException e) {
            return new StartedPartition.Parked(e.getMessage());
        }
    }

    private StartedPartition restore(
            int partition,
            CheckpointMetadata checkpoint,
            List<TopicPartition> inputs,
            CheckpointStore.Listing listing,
            boolean uncommitted,
            Progress progress) {
        Map<String, Integer> counts = PartitionCounts.of(inputs, group);
        PartitionCounts.check(checkpoint, counts);
        Map<String, Long> offsets = positions.recordedBy(checkpoint, inputs);
        Restored restored = checkpointing.restorer(partition, progress).restore(checkpoint, listing);
        // A topic that was added, or a loss that was accepted, is to be on record.
        boolean elsewhere = !offsets.equals(InputPositions.recorded(checkpoint));
        return new StartedPartition.Ready(
                restored,
                offsets,
                counts,
                startPath.claimOf(checkpoint, checkpointing.store(partition)),
                uncommitted || elsewhere);
    }

    private StartedPartition empty(
            int partition,
            List<TopicPartition> inputs,
            Map<String, Integer> counts,
            Map<TopicPartition, OffsetAndMetadata> committed,
            CheckpointStore.Listing listing,
            RestoreDecision decision) {
        if (decision instanceof RestoreDecision.StartAtCommittedOffsets at) {
            LOG.infof("partition %d: empty state at the group's offsets: %s", partition, at.why());
        }
        Map<String, Long> offsets = positions.withoutCheckpoint(inputs, committed);
        Restored restored = checkpointing.restorer(partition, Progress.NONE).empty(listing);
        // Where a job began must not move when it fails before its first checkpoint.
        return new StartedPartition.Ready(restored, offsets, counts, Optional.empty(), true);
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(int partition, List<TopicPartition> inputs) {
        try {
            return group.committed(inputs);
        } catch (TimeoutException e) {
            LOG.infof(
                    "partition %d: its offsets are held up, perhaps by the transaction of a worker that is gone",
                    partition);
            fencer.fenceAbsentMembers(newestWriters(partition));
            throw e;
        }
    }

    private List<String> newestWriters(int partition) {
        CheckpointStore store = checkpointing.store(partition);
        return store.list().numbers().stream()
                .limit(2)
                .flatMap(number -> {
                    try {
                        return store.read(number).writtenBy().transactionalIds().stream();
                    } catch (DamagedCheckpointException | ObjectMissingException e) {
                        return List.<String>of().stream();
                    }
                })
                .distinct()
                .toList();
    }

    /** A topic that was added later has no offset yet, and says nothing about the others. */
    private static Map<TopicPartition, OffsetAndMetadata> known(
            Map<TopicPartition, OffsetAndMetadata> committed, List<TopicPartition> inputs) {
        Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>(committed);
        known.keySet().retainAll(inputs);
        return known;
    }
}
