package dev.cairn.checkpoint.savepoint;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToIntFunction;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.Identity;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.checkpoint.format.Savepoint;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.local.Scratch;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.store.SnapshotSource;
import dev.cairn.state.EventTime;
import dev.cairn.state.SortedFiles;
import dev.cairn.state.StateDescriptor;

/**
 * Makes a savepoint for topics with another number of partitions: every key's state goes to the partition that its records
 * go to. One pass over the sorted state of all partitions at once. By one thread.
 */
public final class SavepointRescaler {

    private static final int PROGRESS_ENTRIES = 10_000;

    private final SavepointStore target;
    private final Scratch scratch;
    private final String version;
    private final Progress progress;

    /**
     * @param target where it goes
     * @param scratch has room for the state of all partitions, twice
     * @param version of Cairn
     * @param progress is told of every entry
     */
    public SavepointRescaler(SavepointStore target, Scratch scratch, String version, Progress progress) {
        this.target = target;
        this.scratch = scratch;
        this.version = version;
        this.progress = progress;
    }

    /**
     * Rescales. After a failure nothing is left of the new savepoint; the old one stays as it is.
     *
     * @param name of the new savepoint's directory, which does not exist yet
     * @param source the savepoint to rescale
     * @param count the new number of partitions
     * @param partitionOf the partition of a key, below {@code count}
     * @param positions where the new partitions' inputs continue; without, at their beginning
     * @throws UnfitSnapshotException when the partitions contradict each other
     */
    public Savepoint rescale(
            String name,
            SnapshotSource source,
            int count,
            ToIntFunction<byte[]> partitionOf,
            Map<Integer, List<InputPosition>> positions) {
        List<Restored> opened = new ArrayList<>();
        List<SortedFiles> files = new ArrayList<>();
        try (SavepointDraft draft = new SavepointDraft(target, name, version)) {
            progress.begin("opening", source.partitions().size());
            for (int partition : source.partitions()) {
                opened.add(scratch.open(source.of(partition).orElseThrow()));
                progress.advance(1);
            }
            CheckpointMetadata any = opened.get(0).content().orElseThrow();
            List<StateDescriptor> states = commonStates(opened);
            List<String> uids = new ArrayList<>();
            for (int partition = 0; partition < count; partition++) {
                String uid = UUID.randomUUID().toString();
                uids.add(uid);
                files.add(new SortedFiles(
                        scratch.directory("rescaled-" + partition),
                        new Identity(any.job(), partition, 1, uid).encode(),
                        scratch.resources()));
            }
            long[] timers = spread(opened, states, files, partitionOf);
            EventTime eventTime = EventTime.ofSeveral(opened.stream()
                    .map(each -> each.content().orElseThrow().eventTime())
                    .toList());
            return upload(draft, any, states, files, uids, eventTime, timers, positions);
        } finally {
            files.forEach(SortedFiles::close);
            opened.forEach(scratch::discard);
        }
    }

    /** The states under ids that all partitions can share: a name means the same state everywhere. */
    private static List<StateDescriptor> commonStates(List<Restored> opened) {
        Map<String, StateDescriptor> common = new LinkedHashMap<>();
        for (Restored each : opened) {
            for (StateDescriptor state :
                    SavepointWriter.byId(each.content().orElseThrow().states())) {
                StateDescriptor known = common.get(state.name());
                if (known == null) {
                    common.put(state.name(), state.withId(common.size() + 1));
                } else if (!known.storedAs().equals(state.storedAs())) {
                    throw new UnfitSnapshotException("the state '" + state.name() + "' is stored as "
                            + known.storedAs() + " in one partition, and as " + state.storedAs()
                            + " in another. Run the job until every partition has been started with one of them");
                } else {
                    common.put(state.name(), known.withVersionsOf(state));
                }
            }
        }
        return List.copyOf(common.values());
    }

    /** @return how many timers each partition has */
    private long[] spread(
            List<Restored> opened,
            List<StateDescriptor> states,
            List<SortedFiles> files,
            ToIntFunction<byte[]> partitionOf) {
        progress.begin(
                "sorting",
                opened.stream()
                        .mapToLong(each -> each.database().estimatedKeys())
                        .sum());
        long[] timers = new long[files.size()];
        long done = 0;
        for (StateDescriptor state : states) {
            try (MergedScan entries = new MergedScan(state.name())) {
                for (Restored each : opened) {
                    CheckpointMetadata content = each.content().orElseThrow();
                    entries.add(content.partition(), each.database(), content.states());
                }
                while (entries.next()) {
                    int partition = partitionOf.applyAsInt(entries.recordKey());
                    files.get(partition).add(state, entries.key(), entries.value());
                    if (state.isTimer()) {
                        timers[partition]++;
                    }
                    if (++done % PROGRESS_ENTRIES == 0) {
                        progress.advance(PROGRESS_ENTRIES);
                    }
                }
            }
        }
        progress.advance(done % PROGRESS_ENTRIES);
        return timers;
    }

    private Savepoint upload(
            SavepointDraft draft,
            CheckpointMetadata any,
            List<StateDescriptor> states,
            List<SortedFiles> files,
            List<String> uids,
            EventTime eventTime,
            long[] timers,
            Map<Integer, List<InputPosition>> positions) {
        Instant now = Instant.now();
        progress.begin("storing", files.size());
        for (int partition = 0; partition < files.size(); partition++) {
            SortedFiles sorted = files.get(partition);
            List<Path> paths = sorted.finish();
            List<Delta> deltas = draft.upload(partition, uids.get(partition), paths);
            CheckpointMetadata checkpoint = new CheckpointMetadata(
                    CheckpointMetadata.FORMAT_VERSION,
                    any.job(),
                    partition,
                    1,
                    uids.get(partition),
                    null,
                    now,
                    new CheckpointMetadata.Writer("rescaled", version, List.of(), null),
                    positions.getOrDefault(partition, List.of()),
                    states,
                    eventTime == null ? null : eventTime.withTimers(timers[partition]),
                    any.origins(),
                    null,
                    deltas,
                    null);
            draft.add(new Savepoint.Partition(checkpoint, sorted.entries(), null));
            progress.advance(1);
        }
        return draft.finish(any.job(), files.size());
    }
}
