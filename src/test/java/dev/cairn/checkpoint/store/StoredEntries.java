package dev.cairn.checkpoint.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.Delta;
import dev.cairn.checkpoint.format.Identity;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.checkpoint.local.Scratch;
import dev.cairn.state.Change;
import dev.cairn.state.EventTime;
import dev.cairn.state.SortedFiles;
import dev.cairn.state.StateDescriptor;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;

/** A job in a {@code file:} store whose checkpoints can be restored: one for each partition, with entries of a test's own. */
public final class StoredEntries {

    private final Path checkpoints;
    private final String job;
    private final int partitionCount;
    private final List<StateDescriptor> states = new ArrayList<>();
    private final Map<Integer, Map<String, Map<byte[], byte[]>>> entries = new TreeMap<>();

    private final Map<Integer, EventTime> eventTimes = new TreeMap<>();

    /** Nothing is stored before {@link #store}. */
    public StoredEntries(Path checkpoints, String job, int partitionCount) {
        this.checkpoints = checkpoints;
        this.job = job;
        this.partitionCount = partitionCount;
        for (int partition = 0; partition < partitionCount; partition++) {
            entries.put(partition, new TreeMap<>());
        }
    }

    /** Declares a state. */
    public StoredEntries state(String name, String serializer) {
        states.add(new StateDescriptor(name, "value", serializer, states.size() + 1));
        return this;
    }

    /** Adds what a partition's state has become, with the states that are new. */
    public StoredEntries put(int partition, List<StateDescriptor> declared, List<Change> changes) {
        for (StateDescriptor state : declared) {
            if (!states.contains(state)) {
                states.add(state);
            }
            byte[] id = {(byte) (state.id() >>> Byte.SIZE), (byte) state.id()};
            for (Change change : changes) {
                if (Arrays.equals(change.key(), 0, id.length, id, 0, id.length)) {
                    put(
                            partition,
                            state.name(),
                            Arrays.copyOfRange(change.key(), id.length, change.key().length),
                            change.value());
                }
            }
        }
        return this;
    }

    /** The event time of a partition, which has none otherwise. */
    public StoredEntries eventTime(int partition, EventTime time) {
        eventTimes.put(partition, time);
        return this;
    }

    /** Adds an entry, by its entry key. */
    public StoredEntries put(int partition, String state, byte[] key, byte[] value) {
        entries.get(partition)
                .computeIfAbsent(state, name -> new TreeMap<>(Arrays::compareUnsigned))
                .put(key, value);
        return this;
    }

    /** The same, for text. */
    public StoredEntries put(int partition, String state, String key, String value) {
        return put(partition, state, bytes(key), bytes(value));
    }

    /** Writes {@code chk-1} of every partition. @return the job's directory */
    public Path store() {
        try (ObjectStore objects = ObjectStores.open(checkpoints.toString());
                Scratch scratch = Scratch.create()) {
            entries.forEach((partition, content) ->
                    store(new CheckpointStore(objects, job, partition), scratch, partition, content));
        }
        return checkpoints.resolve(job);
    }

    private void store(
            CheckpointStore store, Scratch scratch, int partition, Map<String, Map<byte[], byte[]>> content) {
        String uid = "uid-" + partition;
        try (SortedFiles files = new SortedFiles(
                scratch.directory("partition-" + partition),
                new Identity(job, partition, 1, uid).encode(),
                scratch.resources())) {
            for (StateDescriptor state : states) {
                content.getOrDefault(state.name(), Map.of()).forEach((key, value) -> files.add(state, key, value));
            }
            List<Path> paths = files.finish();
            store.create(metadata(
                    partition, Delta.ofFile(List.of(uid), store.upload("shared/" + uid + ".sst", paths.get(0)))));
            store.markCommitted(1);
        }
    }

    private CheckpointMetadata metadata(int partition, Delta delta) {
        return new CheckpointMetadata(
                CheckpointMetadata.FORMAT_VERSION,
                job,
                partition,
                1,
                delta.last(),
                null,
                Instant.parse("2026-01-02T03:04:05.678Z"),
                new CheckpointMetadata.Writer("worker-1", "0.1", List.of(), null),
                List.of(InputPosition.withoutId("clicks", 100 + partition, partitionCount)),
                states,
                eventTimes.get(partition),
                List.of(),
                null,
                List.of(delta),
                null);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
