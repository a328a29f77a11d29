package dev.cairn.worker.start;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.format.UnknownFormatException;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.protocol.InputsDecision;
import dev.cairn.checkpoint.protocol.InputsDecision.OnRecreatedInput;
import dev.cairn.checkpoint.protocol.RestoreDecision;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.CommittedCheckpoints;
import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.store.Snapshot;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.OnDamage;
import dev.cairn.settings.Settings;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.worker.group.GroupOffsets;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.group.InputTopics;
import dev.cairn.worker.output.TransactionFencer;

/**
 * Starts a partition: finds out where it stands, restores its state, checks that both fit its inputs. On an I/O thread.
 */
public final class PartitionStarter {

    private static final Logger LOG = Logger.getLogger(PartitionStarter.class);

    private final Settings settings;
    private final Checkpointing checkpointing;
    private final GroupOffsets group;
    private final InputTopics topics;
    private final TransactionFencer fencer;
    private final InputPositions positions;
    private final StartPath startPath;

    /** Checkpoints that were restored whole and could not be read, by their unique ids. */
    private final Map<String, String> distrusted = new ConcurrentHashMap<>();

    public PartitionStarter(
            Settings settings,
            Checkpointing checkpointing,
            GroupOffsets group,
            InputTopics topics,
            TransactionFencer fencer,
            StartPath startPath) {
        this.settings = settings;
        this.checkpointing = checkpointing;
        this.group = group;
        this.topics = topics;
        this.fencer = fencer;
        this.startPath = startPath;
        this.positions = new InputPositions(settings, group);
    }

    /**
     * Ends transactions that members left behind who are gone: they hold up the offsets, and the readers of the output.
     * Beside the starts; one that meets such a transaction first waits for its end.
     */
    public void endTransactionsLeftBehind() {
        fencer.fenceAbsentMembers(List.of());
    }

    /** Lets a checkpoint count as damaged from now on, whatever its files say. From any thread. */
    public void distrust(CheckpointId checkpoint, String cause) {
        distrusted.put(checkpoint.uid(), cause);
    }

    private void requireTrusted(CheckpointMetadata checkpoint) {
        String cause = distrusted.get(checkpoint.uid());
        if (cause != null) {
            throw new DamagedCheckpointException(cause);
        }
    }

    /**
     * Starts.
     *
     * @param inputs the partition, of every input topic
     * @param progress is told how much of its state has been fetched
     * @throws RuntimeException for what may pass by itself (the store or the broker is away, another loop has not let go
     *     of the database): to be called again
     */
    public StartedPartition start(int partition, List<TopicPartition> inputs, Progress progress) {
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
                Map<TopicPartition, OffsetAndMetadata> now = committed(partition, inputs);
                if (now.equals(committed)) {
                    return e.parked();
                }
                committed = now;
            }
        }
    }

    private StartedPartition start(
            int partition,
            List<TopicPartition> inputs,
            Map<TopicPartition, OffsetAndMetadata> committed,
            CheckpointStore store,
            Progress progress) {
        committed.values().forEach(offset -> CheckpointId.requireKnownFormat(offset.metadata()));
        Optional<CheckpointId> pointer = GroupOffsets.pointer(known(committed, inputs));
        CheckpointStore.Listing listing = store.list().naming(pointer);
        if (pointer.isEmpty()) {
            requireNotEnded();
        }
        Optional<Snapshot> snapshot = startPath.due(partition, store, listing, pointer, checkpointing.clusterId());
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
            Optional<CheckpointMetadata> checkpoint = newestCommitted(partition, store, listing);
            if (checkpoint.isEmpty()) {
                return parkedUntilMended(newest.why() + ", and none of the checkpoints in " + store.location()
                        + " is known to have been committed: move them away to start with empty state");
            }
            nameWhatIsNewer(checkpoint.get(), inputs, store, listing);
            StartedPartition started = restore(partition, checkpoint.get(), inputs, listing, true, progress);
            if (started instanceof StartedPartition.Ready ready
                    && ready.restored().content().isPresent()) {
                LOG.warnf(
                        "partition %s: %s; going on from %s, the newest checkpoint known to be committed",
                        partition, newest.why(), checkpoint.get().id());
            }
            return started;
        }
        if (decision instanceof RestoreDecision.Park park) {
            throw new UnfitException(park.cause());
        }
        Map<String, InputTopic> now = topicsOf(inputs);
        // A partition without a checkpoint may be one that was added: then its keys' state is elsewhere.
        Set<String> again = checkpointing
                .anySibling()
                .map(sibling -> fit(sibling, now).again())
                .orElse(Set.of());
        if (decision instanceof RestoreDecision.StartAtCommittedOffsets at) {
            LOG.infof("partition %s: empty state at the group's offsets: %s", partition, at.why());
        }
        return empty(
                partition,
                positions.withoutCheckpoint(inputs, committed, again),
                now,
                // Checkpoints that are passed over on purpose are left alone.
                hasCheckpoints ? listing.numbersAlone() : listing);
    }

    /** By what is in the store, and by the local database: what that has taken in was committed. */
    private Optional<CheckpointMetadata> newestCommitted(
            int partition, CheckpointStore store, CheckpointStore.Listing listing) {
        Optional<CheckpointMetadata> known =
                CommittedCheckpoints.newest(store, listing, Long.MAX_VALUE, checkpointing.clusterId());
        Optional<String> uid = checkpointing.restorer(partition, Progress.NONE).localUid();
        Optional<CheckpointMetadata> local = uid.flatMap(at -> CommittedCheckpoints.newestUnproven(
                store,
                listing,
                known.map(CheckpointMetadata::number).orElse(0L),
                checkpointing.clusterId(),
                found -> found.uid().equals(at)));
        local.ifPresent(found -> LOG.infof(
                "partition %s: the local database has taken %s in, so it was committed", partition, found.id()));
        return local.or(() -> known);
    }

    /**
     * What came after a checkpoint can be processed again as long as the input has it. Where it has not, a newer checkpoint
     * that may have been committed is not passed over without a word: its results are in the output, if it was.
     */
    private void nameWhatIsNewer(
            CheckpointMetadata checkpoint,
            List<TopicPartition> inputs,
            CheckpointStore store,
            CheckpointStore.Listing listing) {
        Optional<CheckpointMetadata> newer = CommittedCheckpoints.newestUnproven(
                store, listing, checkpoint.number(), checkpointing.clusterId(), any -> true);
        if (newer.isEmpty()) {
            return;
        }
        InputsDecision withState = InputsDecision.decide(
                checkpoint,
                checkpointing.clusterId(),
                ids(topicsOf(inputs)),
                OnRecreatedInput.KEEP_STATE,
                settings.recovery().onOtherCluster());
        if (!(withState instanceof InputsDecision.ReadAgain again)) {
            return;
        }
        String instead =
                newer.get().id() + " is newer, and may have been committed: its results are in the output, if it"
                        + " was. To continue from it, create the empty object " + store.location() + "/"
                        + newer.get().id()
                        + "/_committed, and set " + SettingNames.ON_RECREATED_INPUT + "=keep-state";
        if (settings.recovery().onRecreatedInput() == OnRecreatedInput.PARK) {
            throw new UnfitException(again.why() + ", so what came after it cannot be processed again. " + instead
                    + ". To pass it over, set " + SettingNames.ON_RECREATED_INPUT
                    + "=keep-state alone, or =fresh-state to"
                    + " start with empty state");
        }
        LOG.warnf(
                "partition %s: %s is passed over on purpose. %s",
                checkpoint.partition(), newer.get().id(), instead);
    }

    private static Map<String, String> ids(Map<String, InputTopic> topics) {
        Map<String, String> ids = new HashMap<>();
        topics.forEach((topic, input) -> ids.put(topic, input.id()));
        return ids;
    }

    private static StartedPartition.Parked parkedUntilMended(String cause) {
        return new StartedPartition.Parked(cause, StartedPartition.Retry.LATER);
    }

    /** What the inputs are now. Retried while one is missing: one that comes back has another id, if it is another one. */
    private Map<String, InputTopic> topicsOf(List<TopicPartition> inputs) {
        Map<String, InputTopic> now = topics.read();
        for (TopicPartition input : inputs) {
            if (!now.containsKey(input.topic())) {
                throw new UnfitException(
                        "the input " + input.topic() + " does not exist any more. A topic that is created again under"
                                + " this name is another one: see " + SettingNames.ON_RECREATED_INPUT,
                        StartedPartition.Retry.LATER);
            }
        }
        return now;
    }

    /**
     * How a checkpoint fits the inputs.
     *
     * @param decision what follows
     * @param again topics to read from their beginning
     */
    private record Fit(InputsDecision decision, Set<String> again) {

        boolean withoutState() {
            return decision instanceof InputsDecision.StartEmpty;
        }
    }

    /** @throws UnfitException when it does not */
    private Fit fit(CheckpointMetadata checkpoint, Map<String, InputTopic> now) {
        InputsDecision decision = InputsDecision.decide(
                checkpoint,
                checkpointing.clusterId(),
                ids(now),
                settings.recovery().onRecreatedInput(),
                settings.recovery().onOtherCluster());
        if (decision instanceof InputsDecision.Park park) {
            throw new UnfitException(park.cause());
        }
        if (decision instanceof InputsDecision.StartEmpty empty) {
            PartitionCounts.check(checkpoint, now, empty.topics());
            return new Fit(decision, empty.topics());
        }
        PartitionCounts.check(checkpoint, now, Set.of());
        return new Fit(decision, decision instanceof InputsDecision.ReadAgain again ? again.topics() : Set.of());
    }

    /**
     * A job that was cancelled is marked as ended before its checkpoints are deleted. A worker that looks for the mark after it
     * has looked for checkpoints never takes a job whose checkpoints were deleted for a new one.
     */
    private void requireNotEnded() {
        Optional<JobEnd> end = JobEnd.read(checkpointing.objects(), checkpointing.job());
        if (end.isPresent()) {
            throw new JobEndedException(checkpointing.job(), end.get());
        }
    }

    private StartedPartition begin(
            int partition,
            Snapshot snapshot,
            List<TopicPartition> inputs,
            CheckpointStore.Listing listing,
            Progress progress) {
        try {
            Map<String, InputTopic> now = topicsOf(inputs);
            startPath.checkCounts(now);
            Fit fit = fit(snapshot.checkpoint(), now);
            if (fit.withoutState()) {
                throw new UnfitException(SettingNames.RECOVERY_PATH + " names a state, and"
                        + " " + SettingNames.ON_RECREATED_INPUT + "=fresh-state drops it: the input "
                        + String.join(", ", fit.again())
                        + " was created again since it was taken. Set keep-state, or start"
                        + " without the path");
            }
            Map<String, Long> offsets = positions.recordedBy(snapshot.checkpoint(), inputs, now, fit.again());
            requireTrusted(snapshot.checkpoint());
            Restored restored = checkpointing.begin(partition, snapshot, listing, progress);
            return new StartedPartition.Ready(
                    restored, offsets, now, startPath.claim(snapshot, checkpointing.store(partition)), true);
        } catch (DamagedCheckpointException | ObjectMissingException e) {
            return parkedUntilMended(Clause.of(e) + ". " + SettingNames.RECOVERY_PATH
                    + " names it: bring the object back, or name another path");
        }
    }

    private StartedPartition damaged(
            int partition,
            List<TopicPartition> inputs,
            CheckpointStore store,
            RuntimeException why,
            Progress progress) {
        if (why instanceof UnknownFormatException) {
            return parkedUntilMended(why.getMessage());
        }
        Optional<CheckpointId> named = GroupOffsets.pointer(known(committed(partition, inputs), inputs));
        CheckpointStore.Listing listing = store.list().naming(named);
        Optional<CheckpointMetadata> older = named.flatMap(
                id -> CommittedCheckpoints.newest(store, listing, id.number(), checkpointing.clusterId()));
        if (older.isEmpty()) {
            return parkedUntilMended(Clause.of(why)
                    + ". Restore the object: there is no older checkpoint that is known to be committed");
        }
        if (settings.recovery().onDamage() == OnDamage.PARK) {
            return parkedUntilMended(
                    Clause.of(why) + ". Restore the object, or go on from the newest older checkpoint, processing"
                            + " again what came after it: cairn run -s " + store.location() + "/"
                            + older.get().id()
                            + " (and of any partition that is damaged: " + SettingNames.ON_DAMAGE + "=use-older)");
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
                "partition %s: %s; going on from %s on purpose: what came after it is processed again",
                partition, why.getMessage(), older.id());
        try {
            return restore(partition, older, inputs, listing, true, progress);
        } catch (DamagedCheckpointException | ObjectMissingException e) {
            return parkedUntilMended(why.getMessage() + "; " + older.id() + " is no better: " + e.getMessage());
        } catch (UnfitException e) {
            return e.parked();
        }
    }

    private StartedPartition restore(
            int partition,
            CheckpointMetadata checkpoint,
            List<TopicPartition> inputs,
            CheckpointStore.Listing listing,
            boolean uncommitted,
            Progress progress) {
        Map<String, InputTopic> now = topicsOf(inputs);
        Fit fit = fit(checkpoint, now);
        Map<String, Long> offsets = positions.recordedBy(checkpoint, inputs, now, fit.again());
        if (fit.decision() instanceof InputsDecision.StartEmpty empty) {
            LOG.warnf("partition %s: %s; starts with empty state at %s on purpose", partition, empty.why(), offsets);
            return empty(partition, offsets, now, listing.numbersAlone());
        }
        if (fit.decision() instanceof InputsDecision.ReadAgain again) {
            LOG.warnf("partition %s: %s; continues with its state at %s on purpose", partition, again.why(), offsets);
        }
        if (fit.decision() instanceof InputsDecision.ContinueFromCopy copy) {
            LOG.warnf("partition %s: %s; continues from a copy at %s on purpose", partition, copy.why(), offsets);
            Restored restored = checkpointing.beginFromCopy(checkpoint, listing, progress);
            return new StartedPartition.Ready(restored, offsets, now, Optional.empty(), true);
        }
        requireTrusted(checkpoint);
        Restored restored = checkpointing.restorer(partition, progress).restore(checkpoint, listing);
        // A topic that was added, a loss that was accepted, and the ids of topics are to be on record.
        boolean news = !offsets.equals(InputPositions.recorded(checkpoint)) || !checkpoint.namesTopicIds();
        return new StartedPartition.Ready(
                restored,
                offsets,
                now,
                startPath.claimOf(checkpoint, checkpointing.store(partition)),
                uncommitted || news || fit.decision() instanceof InputsDecision.ReadAgain);
    }

    private StartedPartition empty(
            int partition, Map<String, Long> offsets, Map<String, InputTopic> now, CheckpointStore.Listing listing) {
        Restored restored = checkpointing.restorer(partition, Progress.NONE).empty(listing);
        // Where a job began must not move when it fails before its first checkpoint.
        return new StartedPartition.Ready(restored, offsets, now, Optional.empty(), true);
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(int partition, List<TopicPartition> inputs) {
        try {
            return group.committed(inputs);
        } catch (TimeoutException e) {
            LOG.infof(
                    "partition %s: its offsets are held up, perhaps by the transaction of a worker that is gone",
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
