package dev.cairn.testkit.worker;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.store.S3Server;
import dev.cairn.testkit.verify.AggregateVerifier;

/**
 * A job for Quarkus' integration tests, which start the packaged worker or command themselves: its broker, its checkpoints
 * in S3, and what a first worker has left there. One for all tests of this JVM, and as long as it lives.
 */
public final class StoppedJob {

    public static final int PARTITIONS = 2;

    /** Every kind of compression that producers know. */
    public static final List<String> COMPRESSIONS = List.of("none", "gzip", "snappy", "lz4", "zstd");

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int OF_EACH = 10;
    private static final String BUCKET = "checkpoints";

    private static final Map<Class<?>, StoppedJob> JOBS = new HashMap<>();

    private final AggregateVerifier account = new AggregateVerifier();
    private final Map<Integer, Long> sent = new HashMap<>();
    private final TestBroker broker;
    private final S3Server s3;
    private final Path directory;
    private final String name = "stopped-" + UUID.randomUUID();

    private StoppedJob(TestBroker broker, S3Server s3, Path directory) {
        this.broker = broker;
        this.s3 = s3;
        this.directory = directory;
    }

    /**
     * The job of all tests that Quarkus starts with a resource. The first to ask waits until it has run and stopped.
     *
     * @param resource {@link Settings} or {@link Damaged}
     */
    public static synchronized StoppedJob of(Class<? extends QuarkusTestResourceLifecycleManager> resource) {
        return JOBS.computeIfAbsent(resource, none -> start(Brokers.shared(), S3Server::start));
    }

    /** A job on a broker of its own. Its store takes sessions of roles. Returns when it has run and stopped. */
    public static StoppedJob on(TestBroker broker) {
        return start(broker, S3Server::startForSessions);
    }

    private static StoppedJob start(TestBroker broker, Function<Path, S3Server> store) {
        try {
            Path parent = Files.createDirectories(Path.of("target", "processes").toAbsolutePath());
            Path directory = Files.createTempDirectory(parent, "stopped-job");
            Files.createDirectories(directory.resolve("s3").resolve(BUCKET));
            StoppedJob job = new StoppedJob(broker, store.apply(directory.resolve("s3")), directory);
            job.runOnce();
            return job;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the settings of the job to what Quarkus starts, which it may do several times. */
    public static final class Settings implements QuarkusTestResourceLifecycleManager {

        @Override
        public Map<String, String> start() {
            return of(Settings.class).settings();
        }

        @Override
        public void stop() {
            // It is there for the next one.
        }
    }

    /** The same, with a local database of partition 0 that cannot be opened any more. */
    public static final class Damaged implements QuarkusTestResourceLifecycleManager {

        @Override
        public Map<String, String> start() {
            of(Damaged.class).damageDatabase();
            return of(Damaged.class).settings();
        }

        @Override
        public void stop() {
            // It is there for the next one.
        }
    }

    private void runOnce() {
        broker.createTopic(input(), PARTITIONS);
        broker.createTopic(output(), PARTITIONS);
        send();
        try (WorkerProcess worker =
                WorkerProcess.packaged().name(name).set(settings()).start()) {
            awaitCommitted();
            worker.terminate(LIMIT);
        }
    }

    /** The settings of its worker and of commands. */
    public Map<String, String> settings() {
        return new WorkerSettings()
                .job(broker.bootstrapServers(), name)
                .reads(input())
                .writes(output())
                .aggregates("/delay")
                .instance("worker-1")
                .threads(1)
                .checkpointsEvery("200ms")
                .checkpointsIn(checkpoints())
                .localStateIn(directory.resolve("local"))
                .set("kafka.compression.type", "zstd")
                .set("quarkus.http.host", "localhost")
                .set("state.backend.fs.memory-threshold", "0")
                .set("state.savepoints.dir", "s3://" + BUCKET + "/savepoints")
                .set(s3.settings())
                // Here it holds nothing back, but may be slow on a busy machine.
                .set("quarkus.s3.sync-client.socket-timeout", "30S")
                .asMap();
    }

    /** Damages the local database of partition 0. RocksDB finds that out itself when it opens it. */
    public void damageDatabase() {
        Path database = directory.resolve(Path.of("local", name, "worker-1", "partition-0", "db"));
        try (var files = Files.newDirectoryStream(database, "MANIFEST-*")) {
            for (Path file : files) {
                Files.writeString(file, "this is no manifest, however long one looks at it");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** The directory of its checkpoints, and of others' if there were some. */
    public String checkpoints() {
        return "s3://" + BUCKET + "/jobs";
    }

    /** One of its keys, which has been sent so many times as {@link #send} was called. */
    public static String key(String compression, int number) {
        return compression + "-" + number;
    }

    /** Where {@link #send} puts a key. */
    public static int partition(String key) {
        return Math.floorMod(key.hashCode(), PARTITIONS);
    }

    /** Sends records to every partition, some with each kind of compression. */
    public void send() {
        for (String compression : COMPRESSIONS) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (int number = 0; number < OF_EACH; number++) {
                String key = key(compression, number);
                ProducerRecord<byte[], byte[]> record = Topics.record(input(), key, "{\"delay\":7}");
                records.add(new ProducerRecord<>(input(), partition(key), record.key(), record.value()));
                account.expect(key, BigDecimal.valueOf(7));
                sent.merge(partition(key), 1L, Long::sum);
            }
            Topics.sendCompressed(broker, compression, records);
        }
    }

    /** Waits until the group has committed all of it. */
    public void awaitCommitted() {
        await(name + " has committed its input").atMost(LIMIT).until(() -> sent.entrySet().stream()
                .allMatch(partition -> {
                    var offset =
                            Readers.committedOffsets(broker, name).get(new TopicPartition(input(), partition.getKey()));
                    return offset != null && offset.offset() >= partition.getValue();
                }));
    }

    /** Checks the output. @throws AssertionError where it is not what each record gives once */
    public void verifyExactlyOnce() {
        account.verifyExactlyOnce(Readers.readCommitted(broker, output()));
    }

    private String input() {
        return name + "-in";
    }

    private String output() {
        return name + "-out";
    }
}
