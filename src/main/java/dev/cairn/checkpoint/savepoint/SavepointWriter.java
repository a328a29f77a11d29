package dev.cairn.checkpoint.savepoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.Identity;
import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.checkpoint.local.LocalDirectory;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.local.Scratch;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.store.SnapshotSource;
import dev.cairn.state.SortedFiles;
import dev.cairn.state.StateDescriptor;
import dev.cairn.state.StateScan;

/**
 * Writes savepoints: the state of every partition, sorted by key, as files of its own. By one thread.
 *
 * @param target where it goes
 * @param scratch has room for the state of the largest partition, twice
 * @param version of Cairn
 * @param progress is told of every entry
 */
public record SavepointWriter(SavepointStore target, Scratch scratch, String version, Progress progress) {

    private static final int PROGRESS_ENTRIES = 10_000;

    /**
     * Copies the state of all partitions into a new savepoint. A checkpoint that is retired meanwhile leads to the newer one.
     * After a failure nothing is left of it.
     *
     * @param name of the savepoint's directory, which does not exist yet
     * @param source the checkpoints
     * @param logEnds of the input topics by partition, where they are known
     * @throws dev.cairn.checkpoint.format.DamagedCheckpointException when a checkpoint is damaged
     */
    public Savepoint write(String name, SnapshotSource source, Map<Integer, Map<String, Long>> logEnds) {
        try (SavepointDraft draft = new SavepointDraft(target, name, version)) {
            List<CheckpointMetadata> copies = new ArrayList<>();
            for (int partition : source.partitions()) {
                Restored opened = scratch.open(source, partition)
                        .orElseThrow(
                                () -> new UnfitSnapshotException(
                                        "partition " + partition + " of "
                                                + source.description()
                                                + " has no checkpoint that is known to be committed. Let the job run until it has one"));
                try {
                    Savepoint.Partition copy = copy(draft, opened, logEnds.get(partition));
                    draft.add(copy);
                    copies.add(copy.checkpoint());
                } finally {
                    scratch.discard(opened);
                }
            }
            int count = partitionCount(copies);
            if (copies.size() != count) {
                throw new UnfitSnapshotException(source.description() + " has checkpoints of " + copies.size()
                        + " partitions, but its topics have " + count
                        + ". Let the job run until every partition has one");
            }
            return draft.finish(copies.get(0).job(), count);
        }
    }

    private Savepoint.Partition copy(SavepointDraft draft, Restored opened, Map<String, Long> logEnds) {
        CheckpointMetadata checkpoint = opened.content().orElseThrow();
        int partition = checkpoint.partition();
        String uid = UUID.randomUUID().toString();
        Path directory = scratch.directory("savepoint-" + partition);
        progress.begin("partition " + partition, opened.database().estimatedKeys());
        try (SortedFiles files = new SortedFiles(
                directory,
                new Identity(checkpoint.job(), partition, checkpoint.number(), uid).encode(),
                scratch.resources())) {
            for (StateDescriptor state : byId(checkpoint.states())) {
                try (StateScan entries = opened.database().scan(state)) {
                    while (entries.next()) {
                        files.add(state, entries.key(), entries.value());
                        if (files.entries() % PROGRESS_ENTRIES == 0) {
                            progress.advance(PROGRESS_ENTRIES);
                        }
                    }
                }
            }
            List<Delta> deltas = draft.upload(partition, uid, files.finish());
            progress.advance(files.entries() % PROGRESS_ENTRIES);
            return new Savepoint.Partition(copyOf(checkpoint, uid, deltas), files.entries(), logEnds);
        } finally {
            LocalDirectory.delete(directory);
        }
    }

    /** A list of the states in the order of their ids, which is the order in files. */
    static List<StateDescriptor> byId(List<StateDescriptor> states) {
        return states.stream()
                .sorted(Comparator.comparingInt(StateDescriptor::id))
                .toList();
    }

    private CheckpointMetadata copyOf(CheckpointMetadata checkpoint, String uid, List<Delta> deltas) {
        return new CheckpointMetadata(
                CheckpointMetadata.FORMAT_VERSION,
                checkpoint.job(),
                checkpoint.partition(),
                checkpoint.number(),
                uid,
                null,
                checkpoint.createdAt(),
                new CheckpointMetadata.Writer(
                        checkpoint.writtenBy().instance(),
                        version,
                        List.of(),
                        checkpoint.writtenBy().clusterId()),
                checkpoint.positions(),
                checkpoint.states(),
                checkpoint.eventTime(),
                checkpoint.origins(),
                null,
                deltas,
                null);
    }

    private static int partitionCount(List<CheckpointMetadata> partitions) {
        return partitions.stream()
                .flatMapToInt(partition -> partition.partitionCount().stream())
                .max()
                .orElse(partitions.size());
    }
}
