package dev.cairn.checkpoint.write;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.apache.kafka.common.serialization.Serdes;

import dev.cairn.api.ValueState;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.checkpoint.local.PartitionRestorer;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.store.StoreContents;
import dev.cairn.checkpoint.store.StoredDamage;
import dev.cairn.state.KeyedState;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.PartitionDatabase;
import dev.cairn.state.RocksResources;
import dev.cairn.state.StateMemory;
import dev.cairn.state.StateScan;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;

/**
 * One partition's checkpoints without a worker: takes them, builds bases, restarts on the same disk or on another one, and
 * knows what its state has to be. By one thread.
 */
final class LonePartition implements AutoCloseable {

    static final String JOB = "orders";

    /** Four checkpoints of this many values are worth a base. */
    private static final int LARGE_VALUES = 45;

    private static final int LARGE_VALUE_BYTES = 100_000;
    private static final long CACHE_BYTES = 1 << 20;

    private final Path checkpoints;
    private final boolean incremental;
    private final Random random = new Random(5);
    private final RocksResources resources = new RocksResources(CACHE_BYTES);
    private final Map<String, byte[]> expected = new TreeMap<>();
    private final ObjectStore objects;
    private Path local;
    private Restored restored;
    private KeyedState state;
    private ValueState<byte[]> values;
    private PartitionCheckpoints own;
    private CheckpointMetadata last;
    private long offset;

    LonePartition(Path directory, boolean incremental, UnaryOperator<ObjectStore> store) {
        this.checkpoints = directory.resolve("checkpoints");
        this.incremental = incremental;
        this.objects = store.apply(ObjectStores.open(checkpoints.toString()));
        this.local = directory.resolve("local");
    }

    LonePartition(Path directory, boolean incremental) {
        this(directory, incremental, UnaryOperator.identity());
    }

    /** Starts where the last committed checkpoint is. */
    LonePartition start() {
        Checkpointing checkpointing = checkpointing();
        PartitionRestorer restorer = checkpointing.restorer(0, Progress.NONE);
        CheckpointStore.Listing listing = checkpointing.store(0).list();
        restored = last == null
                ? restorer.empty(listing)
                : restorer.restore(checkpointing.store(0).read(last.number()), listing);
        state = new KeyedState(
                restored.database(),
                StateMemory.caching(1 << 30, 0),
                restored.content().map(CheckpointMetadata::states).orElse(List.of()));
        values = state.valueState("value", Serdes.ByteArray());
        own = checkpointing.resume(0, restored, Optional.empty(), List.of());
        return this;
    }

    private Checkpointing checkpointing() {
        return new Checkpointing(
                new Checkpointing.Owner(JOB, "worker-1", "test", ""),
                objects,
                new Checkpointing.Disk(List.of(local), true, resources),
                new CheckpointOptions(incremental, 0, 1),
                CheckpointObserver.NONE,
                Runnable::run,
                new BaseTurns(1));
    }

    /** Ends it without a word, as a crash does. */
    LonePartition stop() {
        own.close();
        state.close();
        restored.close();
        return this;
    }

    LonePartition restart() {
        return stop().start();
    }

    /** As {@link #restart}, on a machine that has nothing of it. */
    LonePartition restartElsewhere() {
        stop();
        local = local.resolveSibling(local.getFileName() + "-elsewhere");
        return start();
    }

    /** A checkpoint of large values, four of which are worth a base. */
    LonePartition large() {
        for (int i = 0; i < LARGE_VALUES; i++) {
            byte[] value = new byte[LARGE_VALUE_BYTES];
            random.nextBytes(value);
            put("large-" + i, value);
        }
        return checkpoint();
    }

    /** A checkpoint of a few small values. */
    LonePartition small() {
        for (int i = 0; i < 5; i++) {
            put("small-" + i, Long.toString(random.nextLong()).getBytes(StandardCharsets.UTF_8));
        }
        return checkpoint();
    }

    private void put(String key, byte[] value) {
        state.beginRecord(key.getBytes(StandardCharsets.UTF_8));
        values.update(value);
        state.keepRecord();
        expected.put(key, value);
    }

    LonePartition checkpoint() {
        PreparedCheckpoint prepared = prepare();
        try {
            own.takeIn(prepared);
        } catch (LocalStateException e) {
            own.leaveOut(prepared, e);
        }
        committed(prepared);
        return this;
    }

    /** Restores it from the store, where its database has turned out to be damaged. */
    LonePartition heal() {
        if (own.damage().isPresent()) {
            own.close();
            state.close();
            checkpointing().discard(0, restored);
            start();
        }
        return this;
    }

    /** Whether the database holds what it has to, restored from the store where it cannot be read. */
    boolean readsRightOnceHealed() {
        try {
            return isRight();
        } catch (LocalStateException e) {
            own.damaged(e);
            return heal().isRight();
        }
    }

    /** A checkpoint that is written, and not committed yet. */
    PreparedCheckpoint prepare() {
        return own.prepare(new FrozenPartition(
                state.freeze(), List.of(new InputPosition("in", ++offset, 1, null)), state.descriptors(), 0));
    }

    void committed(PreparedCheckpoint prepared) {
        state.releaseFrozen();
        last = prepared.metadata();
    }

    LonePartition buildBase() {
        own.buildBaseIfDue();
        return this;
    }

    LonePartition tidy() {
        new CleanUp(objects, Runnable::run, Runnable::run).committed(List.of(own), () -> true);
        return this;
    }

    /** Damages a delta in the store as if it had been uploaded damaged. @return the object's path */
    String damageInTheStore() {
        String path = StoredDamage.of(store(), checkpoints.resolve(JOB).resolve("partition-0"), last.number(), 0.4);
        last = store().read(last.number());
        return path;
    }

    CheckpointMetadata last() {
        return last;
    }

    PartitionCheckpoints own() {
        return own;
    }

    Restored restored() {
        return restored;
    }

    PartitionDatabase database() {
        return restored.database();
    }

    RocksResources resources() {
        return resources;
    }

    CheckpointStore store() {
        return new CheckpointStore(objects, JOB, 0);
    }

    /** Whether the database holds what it has to. @throws dev.cairn.state.LocalStateException when it cannot be read */
    boolean isRight() {
        Map<String, byte[]> found = new TreeMap<>();
        try (StateScan scan = database().scan(state.descriptors().get(0))) {
            while (scan.next()) {
                found.put(new String(scan.key(), StandardCharsets.UTF_8), scan.value());
            }
        }
        return found.keySet().equals(expected.keySet())
                && found.entrySet().stream()
                        .allMatch(entry -> Arrays.equals(entry.getValue(), expected.get(entry.getKey())));
    }

    /** Whether the last checkpoint, restored on a disk of its own, holds what it has to. */
    boolean isRightInTheStore() {
        LonePartition reader = new LonePartition(checkpoints.getParent(), incremental);
        reader.local = local.resolveSibling("reader-" + offset);
        reader.last = last;
        reader.expected.putAll(expected);
        try (reader) {
            return reader.start().isRight();
        }
    }

    private Path databaseDirectory() {
        return local.resolve(JOB).resolve("worker-1").resolve("partition-0").resolve("db");
    }

    /** The files of the database whose names match, in order. */
    List<Path> files(String regex) {
        try (Stream<Path> files = Files.list(databaseDirectory())) {
            return files.filter(file -> file.getFileName().toString().matches(regex))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The files that RocksDB has written itself, which the store does not have. */
    List<Path> compacted() {
        Set<Long> stored = StoreContents.sizes(store());
        return files("[0-9]+\\.sst").stream()
                .filter(file -> !stored.contains(file.toFile().length()))
                .toList();
    }

    @Override
    public void close() {
        if (restored != null) {
            stop();
        }
        objects.close();
        resources.close();
    }
}
