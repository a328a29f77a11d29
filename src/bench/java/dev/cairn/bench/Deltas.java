package dev.cairn.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import org.apache.kafka.common.serialization.Serdes;
import software.amazon.awssdk.services.s3.S3Client;

import dev.cairn.api.ValueState;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.format.InputPosition;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.write.BaseTurns;
import dev.cairn.checkpoint.write.CheckpointOptions;
import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.checkpoint.write.CleanUp;
import dev.cairn.checkpoint.write.FrozenPartition;
import dev.cairn.checkpoint.write.PartitionCheckpoints;
import dev.cairn.checkpoint.write.PreparedCheckpoint;
import dev.cairn.state.Change;
import dev.cairn.state.KeyedState;
import dev.cairn.state.RocksResources;
import dev.cairn.state.StateDescriptor;
import dev.cairn.state.StateMemory;
import dev.cairn.storage.ObjectStores;
import dev.cairn.storage.StoreOptions;
import dev.cairn.testkit.Logs;
import dev.cairn.testkit.store.S3Server;
import dev.cairn.testkit.worker.WorkerProcess;

/**
 * What checkpoints of a large state cost, and how fast it is restored. One partition, no Kafka: the state, its checkpoints
 * and a server of S3's protocol on loopback, in a process of its own.
 *
 * <p>Loads the state in four checkpoints, so that a base of all of it exists, then changes random keys, a checkpoint every
 * interval; the same number of keys again with a tenth of the state. The denominator is what LZ4 makes of the same sorted
 * keys and values in blocks of 4 KiB. Then restores the large state without its local directory, in turn with a plain
 * download of the same objects. Both run from the page cache of the server, and force every file to disk.
 *
 * <p>Arguments: MB of state (1024), percent of the keys that change (1), checkpoints (30), percent of a value that is
 * random (100; the rest is the same text everywhere), milliseconds between checkpoints (1000).
 *
 * <pre>
 *   ./mvnw -o -q -DskipTests package dependency:build-classpath -Dmdep.outputFile=target/classpath
 *   java -Xmx4g -cp $PWD/target/test-classes:$PWD/target/classes:$(cat target/classpath) dev.cairn.bench.Deltas 1024 1 30
 * </pre>
 */
public final class Deltas {

    private static final String BUCKET = "checkpoints";
    private static final String JOB = "deltas";
    private static final int SMALLEST_VALUE = 200;
    private static final int LARGEST_VALUE = 1000;
    private static final int LOAD_CHECKPOINTS = 4;
    private static final int WARM_UP_CHECKPOINTS = 20;
    private static final int ROUNDS = 3;
    private static final int IO_THREADS = 8;
    private static final int BLOCK_BYTES = 4096;
    private static final long ROCKS_CACHE_BYTES = 64L << 20;
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final byte[] TEXT =
            "{\"currency\":\"EUR\",\"country\":\"DE\",\"channel\":\"web\",\"status\":\"ACTIVE\",\"updates\":"
                    .repeat(14)
                    .getBytes(StandardCharsets.US_ASCII);

    private final Path directory;
    private final MeteredStore objects;
    private final int keys;
    private final int randomPercent;
    private final byte[] versions;
    private final RocksResources resources = new RocksResources(ROCKS_CACHE_BYTES);
    private final ExecutorService io = Executors.newFixedThreadPool(IO_THREADS);
    private final Map<CheckpointStep, Long> nanos = new EnumMap<>(CheckpointStep.class);
    private final Checkpointing checkpointing;
    private long offset;

    private Deltas(Path directory, MeteredStore objects, String job, int keys, int randomPercent) {
        this.directory = directory;
        this.objects = objects;
        this.keys = keys;
        this.randomPercent = randomPercent;
        this.versions = new byte[keys];
        this.checkpointing = new Checkpointing(
                new Checkpointing.Owner(job, "bench", "bench", ""),
                objects,
                new Checkpointing.Disk(List.of(directory.resolve("local")), true, resources),
                new CheckpointOptions(true, 20 << 10, 1),
                (step, partition, number) -> nanos.put(step, System.nanoTime()),
                io,
                new BaseTurns(1));
    }

    public static void main(String[] arguments) throws Exception {
        Logs.warnings();
        int megabytes = argument(arguments, 0, 1024);
        double percent = arguments.length > 1 ? Double.parseDouble(arguments[1]) : 1;
        int checkpoints = argument(arguments, 2, 30);
        int randomPercent = argument(arguments, 3, 100);
        Duration interval = Duration.ofMillis(argument(arguments, 4, 1000));
        int keys = (int) (((long) megabytes << 20) / (key(0).length + (SMALLEST_VALUE + LARGEST_VALUE) / 2));
        int changed = (int) (keys * percent / 100);
        Path directory = Files.createTempDirectory(Path.of("target"), "deltas").toAbsolutePath();
        Files.createDirectories(directory.resolve("s3").resolve(BUCKET));
        try (WorkerProcess server = WorkerProcess.ofMain(
                        S3Main.class, directory.resolve("s3").toString())
                .name("s3")
                .jvm("-Xmx1g")
                .start()) {
            String line = server.awaitOutput("listening at http:.*", LIMIT);
            URI endpoint = URI.create(line.substring(line.indexOf("http:")));
            try (S3Client client = S3Server.client(endpoint);
                    MeteredStore objects =
                            new MeteredStore(ObjectStores.open("s3://" + BUCKET, () -> client, StoreOptions.DEFAULT))) {
                say("to warm up:");
                new Deltas(directory, objects, JOB + "-warm-up", keys / 10, randomPercent)
                        .runAndClose(changed, WARM_UP_CHECKPOINTS, Duration.ZERO);
                say("%d MB of state:", megabytes);
                Deltas large = new Deltas(directory, objects, JOB, keys, randomPercent);
                double largeMillis = large.run(changed, checkpoints, interval);
                large.restores(client);
                large.close();
                say("a tenth of the state:");
                double smallMillis = new Deltas(directory, objects, JOB + "-small", keys / 10, randomPercent)
                        .runAndClose(changed, checkpoints, interval);
                say(
                        "RESULT median checkpoint %.0f ms, with a tenth of the state %.0f ms: %.2f times",
                        largeMillis, smallMillis, largeMillis / smallMillis);
            }
        } finally {
            delete(directory);
        }
    }

    private double runAndClose(int changed, int checkpoints, Duration interval) {
        double millis = run(changed, checkpoints, interval);
        close();
        return millis;
    }

    /** @return the median milliseconds of a checkpoint */
    private double run(int changed, int checkpoints, Duration interval) {
        say("%,d keys, of which %,d change", keys, changed);
        objects.reset();
        SplittableRandom random = new SplittableRandom(11);
        try (Restored restored = checkpointing
                        .restorer(0, Progress.NONE)
                        .empty(checkpointing.store(0).list());
                KeyedState state = state(restored, List.of())) {
            ValueState<byte[]> values = values(state);
            PartitionCheckpoints partition = checkpointing.resume(0, restored, Optional.empty(), List.of());
            for (int i = 0; i < LOAD_CHECKPOINTS; i++) {
                int to = (int) ((i + 1L) * keys / LOAD_CHECKPOINTS);
                for (int key = (int) ((long) i * keys / LOAD_CHECKPOINTS); key < to; key++) {
                    update(state, values, key);
                }
                checkpoint(state, partition);
                partition.buildBaseIfDue();
            }
            awaitQuiet(restored);
            say(
                    "loaded: %,d bytes of sorted files, uploaded %,d of deltas and %,d of bases",
                    restored.database().liveBytes(), objects.deltas(), objects.bases());
            objects.reset();
            long compressed = 0;
            List<Measured> all = new ArrayList<>();
            CompletableFuture<Void> base = CompletableFuture.completedFuture(null);
            CleanUp cleanUp = new CleanUp(objects, Runnable::run, Runnable::run);
            long next = System.nanoTime();
            for (int i = 0; i < checkpoints; i++) {
                while (System.nanoTime() < next) {
                    LockSupport.parkNanos(next - System.nanoTime());
                }
                next = System.nanoTime() + interval.toNanos();
                random.ints(0, keys).distinct().limit(changed).forEach(key -> update(state, values, key));
                Measured measured = checkpoint(state, partition);
                all.add(measured);
                compressed += measured.compressed();
                base = base.thenRunAsync(partition::buildBaseIfDue, io);
                cleanUp.committed(List.of(partition), () -> true);
                if (i % 10 == 0 || i == checkpoints - 1) {
                    say("%3d %s", i, measured);
                }
            }
            base.join();
            long uploaded = objects.deltas() + objects.bases() + objects.others();
            say(
                    "RESULT deltas %,d bytes, bases %,d, metadata %,d; what changed is %,d compressed, %,d not",
                    objects.deltas(),
                    objects.bases(),
                    objects.others(),
                    compressed,
                    all.stream().mapToLong(Measured::raw).sum());
            say(
                    "RESULT a delta %.3f times what changed (at most %.3f), everything uploaded %.3f times",
                    (double) objects.deltas() / compressed,
                    all.stream()
                            .mapToDouble(each -> (double) each.delta() / each.compressed())
                            .max()
                            .orElse(0),
                    (double) uploaded / compressed);
            for (Phase phase : Phase.values()) {
                double[] sorted = all.stream()
                        .mapToDouble(each -> each.millis().get(phase))
                        .sorted()
                        .toArray();
                say(
                        "RESULT %-8s median %.1f ms, most %.1f ms",
                        phase.name().toLowerCase(Locale.ROOT), sorted[sorted.length / 2], sorted[sorted.length - 1]);
            }
            cleanUp.committed(List.of(partition), () -> true);
            partition.close();
            double[] totals = all.stream().mapToDouble(Measured::total).sorted().toArray();
            return totals[totals.length / 2];
        }
    }

    private Measured checkpoint(KeyedState state, PartitionCheckpoints partition) {
        nanos.clear();
        long started = System.nanoTime();
        List<Change> changes = state.freeze();
        long frozen = System.nanoTime();
        PreparedCheckpoint prepared = partition.prepare(new FrozenPartition(
                changes, List.of(InputPosition.withoutId("input", ++offset, 1)), state.descriptors(), 0));
        long preparedAt = System.nanoTime();
        partition.takeIn(prepared);
        state.releaseFrozen();
        long ended = System.nanoTime();
        // Sorted by now, which the block format needs as well.
        return new Measured(
                Map.of(
                        Phase.FREEZE, millis(started, frozen),
                        Phase.WRITE, millis(frozen, nanos.get(CheckpointStep.SST_WRITTEN)),
                        Phase.UPLOAD, millis(nanos.get(CheckpointStep.SST_WRITTEN), nanos.get(CheckpointStep.UPLOADED)),
                        Phase.METADATA, millis(nanos.get(CheckpointStep.UPLOADED), preparedAt),
                        Phase.INGEST, millis(preparedAt, ended),
                        Phase.ALL, millis(started, ended)),
                prepared.metadata().deltaBytes(),
                changes.stream().mapToLong(Change::size).sum(),
                compressed(changes));
    }

    /** The phases of a checkpoint; the commit, which is Kafka's, is not among them. */
    private enum Phase {
        FREEZE,
        WRITE,
        UPLOAD,
        METADATA,
        INGEST,
        ALL
    }

    private record Measured(Map<Phase, Double> millis, long delta, long raw, long compressed) {

        double total() {
            return millis.get(Phase.ALL);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%.0f ms, delta %,d bytes, %.3f times what changed",
                    total(),
                    delta,
                    (double) delta / compressed);
        }
    }

    /** Keys and values one after the other, in blocks, each compressed if that helps. */
    private static long compressed(List<Change> sorted) {
        LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
        byte[] block = new byte[BLOCK_BYTES + LARGEST_VALUE + 64];
        byte[] target = new byte[compressor.maxCompressedLength(block.length)];
        int filled = 0;
        long bytes = 0;
        for (Change change : sorted) {
            System.arraycopy(change.key(), 0, block, filled, change.key().length);
            filled += change.key().length;
            System.arraycopy(change.value(), 0, block, filled, change.value().length);
            filled += change.value().length;
            if (filled >= BLOCK_BYTES) {
                bytes += Math.min(filled, compressor.compress(block, 0, filled, target, 0));
                filled = 0;
            }
        }
        return bytes + Math.min(filled, filled == 0 ? 0 : compressor.compress(block, 0, filled, target, 0));
    }

    private void restores(S3Client client) throws IOException {
        CheckpointMetadata checkpoint = newest();
        objects.downloaded().clear();
        restore(checkpoint, true);
        List<String> same = List.copyOf(objects.downloaded());
        PlainDownload plain = new PlainDownload(client, BUCKET);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            double whole = plain(plain, same, PlainDownload.Requests.WHOLE, true);
            double ranges = plain(plain, same, PlainDownload.Requests.RANGES, true);
            double restored = restore(checkpoint, false);
            double unforced = plain(plain, same, PlainDownload.Requests.RANGES, false);
            ratios.add(Math.min(whole, ranges) / restored);
            say(
                    "%d objects, %,d bytes: restored in %.2f s (%.0f MB/s), plain download %.2f s whole, %.2f s in ranges,"
                            + " %.2f s in ranges not forced to disk: ratio %.2f",
                    same.size(),
                    checkpoint.fullBytes(),
                    restored,
                    checkpoint.fullBytes() / restored / 1e6,
                    whole,
                    ranges,
                    unforced,
                    Math.min(whole, ranges) / restored);
        }
        say(
                "RESULT a restore runs at %s of a plain download",
                ratios.stream()
                        .map(ratio -> String.format(Locale.ROOT, "%.2f", ratio))
                        .toList());
    }

    private double plain(PlainDownload plain, List<String> keys, PlainDownload.Requests requests, boolean durable)
            throws IOException {
        Path target = directory.resolve("plain");
        long started = System.nanoTime();
        plain.download(keys, target, requests, durable);
        double seconds = (System.nanoTime() - started) / 1e9;
        delete(target);
        return seconds;
    }

    private double restore(CheckpointMetadata checkpoint, boolean compare) {
        checkpointing.local(0).clear();
        long started = System.nanoTime();
        try (Restored restored = checkpointing
                .restorer(0, Progress.NONE)
                .restore(checkpoint, checkpointing.store(0).list())) {
            double seconds = (System.nanoTime() - started) / 1e9;
            if (compare) {
                compare(restored, checkpoint);
            }
            return seconds;
        }
    }

    /** A restore that lost something would be fast. */
    private void compare(Restored restored, CheckpointMetadata checkpoint) {
        try (KeyedState state = state(restored, checkpoint.states())) {
            ValueState<byte[]> values = values(state);
            SplittableRandom random = new SplittableRandom(3);
            for (int i = 0; i < 1000; i++) {
                int key = random.nextInt(keys);
                state.beginRecord(key(key));
                if (!Arrays.equals(values.value(), value(key, versions[key]))) {
                    throw new IllegalStateException("key " + key + " is not what was stored");
                }
                state.keepRecord();
            }
        }
    }

    private CheckpointMetadata newest() {
        return checkpointing
                .store(0)
                .read(checkpointing.store(0).list().numbers().get(0));
    }

    private static KeyedState state(Restored restored, List<StateDescriptor> stored) {
        return new KeyedState(restored.database(), StateMemory.caching(Long.MAX_VALUE, 1 << 20), stored);
    }

    private static ValueState<byte[]> values(KeyedState state) {
        return state.valueState("value", Serdes.ByteArray());
    }

    private void update(KeyedState state, ValueState<byte[]> values, int key) {
        state.beginRecord(key(key));
        values.update(value(key, ++versions[key]));
        state.keepRecord();
    }

    /** Spread, so that later keys fall between earlier ones. */
    private static byte[] key(int key) {
        return String.format(Locale.ROOT, "user-%016x", key * 0x9E3779B97F4A7C15L)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private byte[] value(int key, byte version) {
        SplittableRandom random = new SplittableRandom(key * 1000L + version);
        byte[] value = new byte[random.nextInt(SMALLEST_VALUE, LARGEST_VALUE + 1)];
        int fromRandom = (int) ((long) value.length * randomPercent / 100);
        byte[] bytes = new byte[fromRandom];
        random.nextBytes(bytes);
        System.arraycopy(TEXT, 0, value, 0, value.length - fromRandom);
        System.arraycopy(bytes, 0, value, value.length - fromRandom, fromRandom);
        return value;
    }

    private static void awaitQuiet(Restored restored) {
        long ends = System.nanoTime() + LIMIT.toNanos();
        long since = System.nanoTime();
        long bytes = restored.database().liveBytes();
        while (System.nanoTime() - since < QUIET.toNanos() && System.nanoTime() < ends) {
            LockSupport.parkNanos(100_000_000);
            if (bytes != restored.database().liveBytes()) {
                bytes = restored.database().liveBytes();
                since = System.nanoTime();
            }
        }
    }

    private void close() {
        io.shutdown();
        checkpointing.local(0).clear();
        resources.close();
    }

    private static double millis(long from, long to) {
        return (to - from) / 1e6;
    }

    private static int argument(String[] arguments, int index, int other) {
        return arguments.length > index ? Integer.parseInt(arguments[index]) : other;
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path each : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
