package dev.cairn.worker;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.CheckpointId;
import dev.cairn.checkpoint.CheckpointMetadata;
import dev.cairn.checkpoint.CheckpointStore;
import dev.cairn.checkpoint.Checkpointing;
import dev.cairn.checkpoint.DamagedCheckpointException;
import dev.cairn.checkpoint.InputPosition;
import dev.cairn.checkpoint.RestoreDecision;
import dev.cairn.checkpoint.Restored;
import dev.cairn.settings.CheckpointMode;
import dev.cairn.settings.InputStart;
import dev.cairn.settings.OnDamage;
import dev.cairn.settings.OnLostInput;
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

    PartitionStarter(Settings settings, Checkpointing checkpointing, GroupOffsets group, TransactionFencer fencer) {
        this.settings = settings;
        this.checkpointing = checkpointing;
        this.group = group;
        this.fencer = fencer;
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
     * @throws RuntimeException for what may pass by itself (the store or the broker is away, another loop has not let go
     *     of the database): to be called again
     */
    StartedPartition start(int partition, List<TopicPartition> inputs) {
        CheckpointStore store = checkpointing.store(partition);
        Map<TopicPartition, OffsetAndMetadata> committed = committed(partition, inputs);
        while (true) {
            try {
                return start(partition, inputs, committed, store);
            } catch (DamagedCheckpointException | ObjectMissingException e) {
                // A slow restorer can be overtaken: the owner may have gone on and retired what the group named before.
                Map<TopicPartition, OffsetAndMetadata> now = committed(partition, inputs);
                if (now.equals(committed)) {
                    return damaged(partition, inputs, store, e);
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
            CheckpointStore store) {
        CheckpointStore.Listing listing = store.list();
        Optional<CheckpointId> pointer = GroupOffsets.pointer(known(committed, inputs));
        boolean hasCheckpoints = pointer.isPresent() || hasCheckpoints(store, listing);
        RestoreDecision decision = RestoreDecision.decide(!committed.isEmpty(), pointer, hasCheckpoints, onReset());
        if (decision instanceof RestoreDecision.RestoreNamed named) {
            CheckpointMetadata checkpoint = store.read(named.id().number());
            if (!checkpoint.uid().equals(named.id().uid())) {
                throw new DamagedCheckpointException(store.location() + "/" + named.id()
                        + " is not the checkpoint that the group names: its unique id is " + checkpoint.uid()
                        + " instead of "
                        + named.id().uid());
            }
            checkOffsets(checkpoint, committed);
            return restore(partition, checkpoint, inputs, listing, false);
        }
        if (decision instanceof RestoreDecision.RestoreNewestCommitted newest) {
            Optional<CheckpointMetadata> checkpoint = newestCommitted(store, listing, Long.MAX_VALUE);
            if (checkpoint.isEmpty()) {
                return new StartedPartition.Parked(newest.why() + ", and none of the checkpoints in " + store.location()
                        + " is known to have been committed: move them away to start with empty state");
            }
            LOG.warnf(
                    "partition %d: %s; going on from %s, the newest checkpoint known to be committed",
                    partition, newest.why(), checkpoint.get().id());
            return restore(partition, checkpoint.get(), inputs, listing, true);
        }
        if (decision instanceof RestoreDecision.Park park) {
            return new StartedPartition.Parked(park.cause());
        }
        checkSiblings(inputs);
        // Checkpoints that are passed over on purpose are left alone.
        return empty(partition, inputs, committed, hasCheckpoints ? listing.numbersAlone() : listing, decision);
    }

    private StartedPartition damaged(
            int partition, List<TopicPartition> inputs, CheckpointStore store, RuntimeException why) {
        Optional<CheckpointId> named = GroupOffsets.pointer(known(committed(partition, inputs), inputs));
        if (settings.recovery().onDamage() == OnDamage.USE_OLDER && named.isPresent()) {
            CheckpointStore.Listing listing = store.list();
            Optional<CheckpointMetadata> older =
                    newestCommitted(store, listing, named.get().number());
            if (older.isPresent()) {
                LOG.warnf(
                        "partition %d: %s; going on from %s on purpose: what came after it is processed again",
                        partition, why.getMessage(), older.get().id());
                try {
                    return restore(partition, older.get(), inputs, listing, true);
                } catch (DamagedCheckpointException | ObjectMissingException e) {
                    return new StartedPartition.Parked(
                            why.getMessage() + "; " + older.get().id() + " is no better: " + e.getMessage());
                } catch (UnfitException e) {
                    return new StartedPartition.Parked(e.getMessage());
                }
            }
        }
        return new StartedPartition.Parked(
                why.getMessage() + ". Restore the object, or set cairn.recovery.on-damage=use-older to"
                        + " go on from an older whole checkpoint, processing again what came after it");
    }

    /** A marker, or a later checkpoint that names it as its parent, proves it; a later number alone does not. */
    private static Optional<CheckpointMetadata> newestCommitted(
            CheckpointStore store, CheckpointStore.Listing listing, long below) {
        Set<CheckpointId> parents = new HashSet<>();
        for (long number : listing.numbers()) {
            CheckpointMetadata checkpoint;
            try {
                checkpoint = store.read(number);
            } catch (DamagedCheckpointException | ObjectMissingException e) {
                LOG.warnf("%s", e.getMessage());
                continue;
            }
            boolean known = listing.isMarkedCommitted(number) || parents.contains(checkpoint.id());
            if (known && number < below) {
                return Optional.of(checkpoint);
            }
            if (checkpoint.parent() != null) {
                parents.add(checkpoint.parent());
            }
        }
        return Optional.empty();
    }

    /**
     * Whether anything may have been committed. A first checkpoint is marked once it is, and any other one has a parent; a
     * first one without a mark was left behind by a worker that ended before its first commit, which is no reason to ask
     * a person.
     */
    private static boolean hasCheckpoints(CheckpointStore store, CheckpointStore.Listing listing) {
        for (long number : listing.numbers()) {
            try {
                if (listing.isMarkedCommitted(number) || store.read(number).parent() != null) {
                    return true;
                }
            } catch (DamagedCheckpointException | ObjectMissingException e) {
                return true;
            }
        }
        return false;
    }

    private StartedPartition restore(
            int partition,
            CheckpointMetadata checkpoint,
            List<TopicPartition> inputs,
            CheckpointStore.Listing listing,
            boolean uncommitted) {
        Map<String, Integer> counts = partitionCounts(inputs);
        checkCounts(checkpoint, counts);
        Map<String, Long> positions = positions(checkpoint, inputs);
        Restored restored = checkpointing.restorer(partition).restore(checkpoint, listing);
        // A topic that was added, or a loss that was accepted, is to be on record.
        boolean elsewhere = !positions.equals(recorded(checkpoint));
        return new StartedPartition.Ready(restored, positions, counts, uncommitted || elsewhere);
    }

    private static Map<String, Long> recorded(CheckpointMetadata checkpoint) {
        Map<String, Long> recorded = new HashMap<>();
        checkpoint.positions().forEach(position -> recorded.put(position.topic(), position.offset()));
        return recorded;
    }

    private StartedPartition empty(
            int partition,
            List<TopicPartition> inputs,
            Map<TopicPartition, OffsetAndMetadata> committed,
            CheckpointStore.Listing listing,
            RestoreDecision decision) {
        if (decision instanceof RestoreDecision.StartAtCommittedOffsets at) {
            LOG.infof("partition %d: empty state at the group's offsets: %s", partition, at.why());
        }
        Map<TopicPartition, GroupOffsets.Bounds> bounds = group.bounds(new HashSet<>(inputs));
        Map<String, Long> positions = new HashMap<>();
        for (TopicPartition input : inputs) {
            OffsetAndMetadata offset = committed.get(input);
            positions.put(
                    input.topic(),
                    offset == null ? startOf(bounds.get(input)) : checked(input, offset.offset(), bounds));
        }
        Restored restored = checkpointing.restorer(partition).empty(listing);
        // Where a job began must not move when it fails before its first checkpoint.
        return new StartedPartition.Ready(restored, positions, partitionCounts(inputs), true);
    }

    private Map<String, Long> positions(CheckpointMetadata checkpoint, List<TopicPartition> inputs) {
        Map<String, Long> recorded = recorded(checkpoint);
        Map<TopicPartition, GroupOffsets.Bounds> bounds = group.bounds(new HashSet<>(inputs));
        Map<String, Long> positions = new HashMap<>();
        for (TopicPartition input : inputs) {
            Long offset = recorded.get(input.topic());
            if (offset == null) {
                LOG.infof(
                        "%s is a new input of the job and starts at %s",
                        input, settings.job().inputStart());
                positions.put(input.topic(), startOf(bounds.get(input)));
            } else {
                positions.put(input.topic(), checked(input, offset, bounds));
            }
        }
        return positions;
    }

    private long checked(TopicPartition input, long offset, Map<TopicPartition, GroupOffsets.Bounds> bounds) {
        GroupOffsets.Bounds log = bounds.get(input);
        if (offset < log.start()) {
            String lost = "the input was deleted below the position: " + input + " begins at " + log.start()
                    + ", the position is " + offset + ", so " + (log.start() - offset) + " offsets are lost";
            if (settings.recovery().onLostInput() == OnLostInput.PARK) {
                throw new UnfitException(lost + ". To accept that and go on at " + log.start()
                        + ", set cairn.recovery.on-lost-input=skip");
            }
            LOG.warnf("%s; going on at %d on purpose", lost, log.start());
            return log.start();
        }
        if (offset > log.end()) {
            throw new UnfitException("the recorded position " + offset + " of " + input + " lies behind the log's end "
                    + log.end() + ": this is not the topic that the checkpoint was taken of");
        }
        return offset;
    }

    private long startOf(GroupOffsets.Bounds log) {
        return settings.job().inputStart() == InputStart.EARLIEST ? log.start() : log.end();
    }

    /** With transactions, offsets and pointer are committed together: if they differ, somebody else wrote the offsets. */
    private void checkOffsets(CheckpointMetadata checkpoint, Map<TopicPartition, OffsetAndMetadata> committed) {
        if (settings.checkpoints().mode() == CheckpointMode.AT_LEAST_ONCE) {
            return;
        }
        for (InputPosition position : checkpoint.positions()) {
            TopicPartition input = new TopicPartition(position.topic(), checkpoint.partition());
            OffsetAndMetadata offset = committed.get(input);
            if (offset != null && offset.offset() != position.offset()) {
                throw new UnfitException(
                        "the group's offset " + offset.offset() + " of " + input + " is not the one of "
                                + checkpoint.id() + ", " + position.offset()
                                + ": somebody changed it. Set it back, or reset it without metadata and set"
                                + " cairn.recovery.on-reset");
            }
        }
    }

    private static void checkCounts(CheckpointMetadata checkpoint, Map<String, Integer> counts) {
        for (InputPosition position : checkpoint.positions()) {
            Integer now = counts.get(position.topic());
            if (now != null && now != position.partitionCount()) {
                throw new UnfitException("the topic " + position.topic() + " has " + now
                        + " partitions, but the state in "
                        + checkpoint.id() + " of partition " + checkpoint.partition() + " was built when it had "
                        + position.partitionCount()
                        + ": keys are in other partitions now, and their state is not. Go on with a topic of "
                        + position.partitionCount() + " partitions");
            }
        }
    }

    /** A partition without a checkpoint may be one that was added: then its keys' state is elsewhere. */
    private void checkSiblings(List<TopicPartition> inputs) {
        Optional<CheckpointMetadata> sibling = checkpointing.anySibling();
        if (sibling.isPresent()) {
            checkCounts(sibling.get(), partitionCounts(inputs));
        }
    }

    private Map<String, Integer> partitionCounts(List<TopicPartition> inputs) {
        Map<String, Integer> counts = new HashMap<>();
        inputs.forEach(input -> counts.put(input.topic(), group.partitionCount(input.topic())));
        return counts;
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

    private RestoreDecision.OnReset onReset() {
        return RestoreDecision.OnReset.valueOf(settings.recovery().onReset().name());
    }

    /** Checkpoint and inputs do not belong together; trying again helps only once a person has done something. */
    private static final class UnfitException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnfitException(String message) {
            super(message);
        }
    }
}
