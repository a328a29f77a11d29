package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.StoppableBroker;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.store.S3Server;
import dev.cairn.testkit.verify.AggregateVerifier;
import dev.cairn.testkit.worker.WorkerProcess;

/**
 * A stopped job moves on purpose: its directory is copied to another bucket, and it continues with another Kafka cluster that
 * has the same records and has never heard of it. Started there again with the same settings, it does not go back.
 */
class MovedJobIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int KEYS = 20;
    private static final int ENDED_BY_SIGTERM = 128 + 15;
    private static final String FROM = "from-bucket";
    private static final String TO = "to-bucket";

    @TempDir
    private static Path directory;

    private static S3Server storage;
    private static S3Client objects;
    private static StoppableBroker newCluster;

    private final TestBroker oldCluster = Brokers.shared();
    private final AggregateVerifier account = new AggregateVerifier();
    private String job;
    private int partitions;
    private int sent;

    @BeforeAll
    static void startWhereItMovesTo() throws IOException {
        Path buckets = Files.createDirectory(directory.resolve("s3"));
        storage = S3Server.start(buckets);
        objects = storage.client();
        objects.createBucket(request -> request.bucket(FROM));
        objects.createBucket(request -> request.bucket(TO));
        newCluster = Brokers.own(directory.resolve("new-cluster"));
    }

    @AfterAll
    static void end() {
        if (newCluster != null) {
            newCluster.close();
        }
        if (objects != null) {
            objects.close();
        }
        if (storage != null) {
            storage.close();
        }
    }

    @Test
    void shouldGoOnInTheCopyOfItsDirectory() {
        // Given
        runAndStop("moved-directory", 2);
        copyDirectory();
        WorkerProcess.Builder worker = worker(newCluster, TO).set("state.checkpoints.dir", "s3://" + TO + "/prod");

        // When
        WorkerProcess first = runInNewCluster(worker);
        WorkerProcess again = runInNewCluster(worker);

        // Then
        account.verifyExactlyOnce(Readers.readCommitted(newCluster, output()));
        assertThat(Errors.warnings(first))
                .hasSize(2 * partitions)
                .allMatch(line -> (line.contains("the cluster is new") && line.contains("known to be committed"))
                        || (line.contains("was taken on the Kafka cluster") && line.contains("on purpose")));
        Errors.none(again);
        // What the old cluster's group may name stays.
        assertThat(metadata(TO)).hasSize(2 * partitions);
    }

    @Test
    void shouldBeginFromTheCopyOfItsDirectoryOnce() {
        // Given
        runAndStop("moved-beginning", 2);
        copyDirectory();
        List<String> copied = keys(TO);
        WorkerProcess.Builder worker = worker(newCluster, TO)
                .set("state.checkpoints.dir", "s3://" + TO + "/elsewhere")
                .arguments("run", "-s", "s3://" + TO + "/prod/" + job);

        // When
        WorkerProcess first = runInNewCluster(worker);
        WorkerProcess again = runInNewCluster(worker);

        // Then
        account.verifyExactlyOnce(Readers.readCommitted(newCluster, output()));
        assertBegunOnce(first, again);
        assertThat(keys(TO)).isEqualTo(copied);
    }

    @Test
    void shouldBeginFromOneCheckpointOfOnePartitionOnce() {
        // Given
        runAndStop("moved-checkpoint", 1);
        copyDirectory();
        String checkpoint = metadata(TO).get(0);
        assertThat(checkpoint).matches("prod/moved-checkpoint/partition-0/chk-\\d+/_metadata");
        WorkerProcess.Builder worker = worker(newCluster, TO)
                .set("state.checkpoints.dir", "s3://" + TO + "/elsewhere")
                .arguments("run", "-s", "s3://" + TO + "/" + checkpoint);

        // When
        WorkerProcess first = runInNewCluster(worker);
        WorkerProcess again = runInNewCluster(worker);

        // Then
        account.verifyExactlyOnce(Readers.readCommitted(newCluster, output()));
        assertBegunOnce(first, again);
    }

    private static void assertBegunOnce(WorkerProcess first, WorkerProcess again) {
        Errors.none(first);
        Errors.none(again);
        assertThat(first.output()).anyMatch(line -> line.contains("partition 0 begins from s3://" + TO + "/prod/"));
        assertThat(again.output())
                .anyMatch(line -> line.contains("partition 0 resumes from chk-"))
                .noneMatch(line -> line.contains(" begins from "));
    }

    /** In the old cluster, with its checkpoints in the first bucket; more records are there when it has stopped. */
    private void runAndStop(String name, int ofPartitions) {
        job = name;
        partitions = ofPartitions;
        for (TestBroker cluster : List.of(oldCluster, newCluster)) {
            cluster.createTopic(input(), partitions);
            cluster.createTopic(output(), partitions);
        }
        send(300, oldCluster, newCluster);
        try (WorkerProcess worker = worker(oldCluster, FROM)
                .set("state.checkpoints.dir", "s3://" + FROM + "/prod")
                .start()) {
            Workers.awaitCaughtUp(oldCluster, job, input());
            send(100, oldCluster, newCluster);
            Workers.awaitCaughtUp(oldCluster, job, input());
            assertThat(worker.terminate(LIMIT)).isEqualTo(ENDED_BY_SIGTERM);
            Errors.none(worker);
        }
        account.verifyExactlyOnce(Readers.readCommitted(oldCluster, output()));
        assertThat(metadata(FROM)).hasSize(partitions);
        account.beginNewOutput();
        send(100, oldCluster, newCluster);
    }

    private WorkerProcess runInNewCluster(WorkerProcess.Builder builder) {
        try (WorkerProcess worker = builder.start()) {
            Workers.awaitCaughtUp(newCluster, job, input());
            send(100, newCluster);
            Workers.awaitCaughtUp(newCluster, job, input());
            assertThat(worker.terminate(LIMIT)).isEqualTo(ENDED_BY_SIGTERM);
            return worker;
        }
    }

    private WorkerProcess.Builder worker(TestBroker cluster, String bucket) {
        return Workers.aggregate(cluster, directory.resolve(job + "-" + bucket), job, input(), output())
                .name(job + "-" + bucket)
                // A quick start matters more here than speed later.
                .jvm("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                .set(storage.settings())
                // A slow machine is no reason for a warning here.
                .set("quarkus.s3.sync-client.socket-timeout", "30S")
                .set("cairn.threads", "1")
                .set("cairn.recovery.on-other-cluster", "accept")
                .set("execution.checkpointing.interval", "200ms")
                // Files next to _metadata, so that their references have to hold as well.
                .set("state.backend.fs.memory-threshold", "0");
    }

    /** The same records in the same order to each cluster. */
    private void send(int count, TestBroker... clusters) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++, sent++) {
            int number = sent % KEYS;
            int delay = sent % 97 - 13;
            ProducerRecord<byte[], byte[]> next = Topics.record(input(), "key-" + number, "{\"delay\":" + delay + "}");
            records.add(new ProducerRecord<>(input(), number % partitions, next.key(), next.value()));
            account.expect("key-" + number, BigDecimal.valueOf(delay));
        }
        for (TestBroker cluster : clusters) {
            Topics.send(cluster, records);
        }
    }

    private void copyDirectory() {
        for (String key : keys(FROM)) {
            objects.copyObject(request -> request.sourceBucket(FROM)
                    .sourceKey(key)
                    .destinationBucket(TO)
                    .destinationKey(key));
        }
        assertThat(Readers.committedOffsets(newCluster, job)).isEmpty();
    }

    /** What the job has in the bucket. */
    private List<String> keys(String bucket) {
        return objects
                .listObjectsV2Paginator(request -> request.bucket(bucket).prefix("prod/" + job + "/"))
                .contents()
                .stream()
                .map(S3Object::key)
                .toList();
    }

    private List<String> metadata(String bucket) {
        return keys(bucket).stream().filter(key -> key.endsWith("/_metadata")).toList();
    }

    private String input() {
        return job + "-in";
    }

    private String output() {
        return job + "-out";
    }
}
