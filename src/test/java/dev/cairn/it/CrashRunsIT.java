package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

import dev.cairn.testkit.Answers;
import dev.cairn.testkit.TestData;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.fault.FaultyS3;
import dev.cairn.testkit.store.RadosGateway;
import dev.cairn.testkit.store.S3Server;
import dev.cairn.testkit.verify.AggregateVerifier;
import dev.cairn.testkit.verify.Feed;
import dev.cairn.testkit.verify.Invariants;
import dev.cairn.testkit.worker.WorkerProcess;

/**
 * The packaged worker under traffic, killed at random moments and started again: afterwards no one can tell from the
 * output. {@code -Dcairn.test.seed} repeats a run's moments. {@link ManyCrashRunsIT} does the same with more kills.
 */
class CrashRunsIT {

    private static final int PARTITIONS = 4;
    private static final int LINES_PER_SECOND = 600;
    private static final int MOST_MILLIS_OF_WORK = 1_500;
    private static final int MOST_MILLIS_OF_START = 3_000;
    private static final int LARGE_KEYS = 1_000;
    private static final int LARGE_KEY_BYTES = 6_000;
    private static final String RUNS = "partitions? \\d[\\d, -]* (starts?|resumes?) ";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String LISTS_OF_SETTINGS = "org.apache.kafka.common.config";

    private final TestBroker broker = Brokers.shared();
    private final List<Long> lags = new ArrayList<>();
    private Random random;
    private String lastResumption;
    private String job;
    private String input;
    private String output;

    @TempDir
    private Path directory;

    /** How often each job is killed at its work; each fifth kill is followed by one at a start. */
    int kills() {
        return 5;
    }

    @BeforeEach
    void createTopics(TestInfo test) {
        long seed = Long.getLong("cairn.test.seed", System.nanoTime());
        System.out.println(test.getDisplayName() + ": -Dcairn.test.seed=" + seed);
        random = new Random(seed);
        job = test.getTestMethod().orElseThrow().getName();
        input = job + "-input";
        output = job + "-output";
        broker.createTopic(input, PARTITIONS);
        broker.createTopic(output, PARTITIONS);
    }

    @Test
    void shouldCountOnceWhenKilledAgainAndAgain() throws IOException {
        // Given
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        WorkerProcess.Builder worker = worker("worker-1").jvm("-Djava.io.tmpdir=" + temporary);

        // When
        AggregateVerifier verifier = killAgainAndAgain(worker, kills(), () -> {});

        // Then
        assertThat(lastResumption).contains("local database");
        assertThat(temporary).as("what the killed ones left behind").isDirectoryNotContaining("glob:**.so");
        verifier.verifyExactlyOnce(Readers.readCommitted(broker, output));
        assertThatWorkWasLostOnTheWay();
    }

    @Test
    void shouldCountOnceWhenTheLocalDiskIsLostWithEveryKill() {
        // Given
        WorkerProcess.Builder worker = worker("worker-1");

        // When
        AggregateVerifier verifier = killAgainAndAgain(worker, kills(), () -> delete(directory.resolve("local")));

        // Then
        assertThat(lastResumption).containsPattern("resumes? from").doesNotContain("local database");
        verifier.verifyExactlyOnce(Readers.readCommitted(broker, output));
        assertThatWorkWasLostOnTheWay();
    }

    @Test
    void shouldCountOnceWhenStorageInS3FailsNowAndThen() throws Exception {
        // Given
        Path buckets = directory.resolve("s3");
        AtomicReference<FaultyS3> faults = new AtomicReference<>();
        Files.createDirectory(buckets);
        try (S3Server server = S3Server.start(buckets, objects -> {
            faults.set(new FaultyS3(objects, random.nextLong()));
            return faults.get();
        })) {
            server.client().createBucket(request -> request.bucket("checkpoints"));
            crashInS3(server.settings());
        }
        assertThatWorkWasLostOnTheWay();
        assertThat(faults.get().fired())
                .contains(
                        FaultyS3.Fault.UNAVAILABLE,
                        FaultyS3.Fault.STORED_WITHOUT_ANSWER,
                        FaultyS3.Fault.CREATED_WITHOUT_ANSWER,
                        FaultyS3.Fault.BROKEN_MULTIPART,
                        FaultyS3.Fault.BROKEN_LISTING,
                        FaultyS3.Fault.BROKEN_READ);
        assertThatStoreHolds(buckets.resolve("checkpoints"));
    }

    @Test
    @Tag("ceph")
    void shouldCountOnceOnCephsGateway() throws Exception {
        // Given
        Path copy = directory.resolve("copy");
        try (RadosGateway gateway = RadosGateway.start(Files.createDirectory(directory.resolve("ceph")));
                S3Client client = gateway.client()) {
            client.createBucket(request -> request.bucket("checkpoints"));

            // When, Then
            crashInS3(gateway.settings());
            for (S3Object object : client.listObjectsV2Paginator(request -> request.bucket("checkpoints"))
                    .contents()) {
                Path file = copy.resolve(object.key());
                Files.createDirectories(file.getParent());
                client.getObject(request -> request.bucket("checkpoints").key(object.key()), file);
            }
        }
        assertThatWorkWasLostOnTheWay();
        assertThatStoreHolds(copy);
    }

    /** Kills workers whose checkpoints are in S3, and takes their local disks away. */
    private void crashInS3(Map<String, String> service) throws IOException, InterruptedException {
        // Given
        Map<String, String> settings = new HashMap<>(service);
        settings.put("state.checkpoints.dir", "s3://checkpoints/prod");
        settings.put("cairn.s3.part-size", "5mb");
        WorkerProcess.Builder worker = worker("worker-1")
                .set(settings)
                .set("kafka.max.poll.records", "500")
                .set("execution.checkpointing.interval", "1s");
        List<String> largeKeys = new ArrayList<>(sendLargeKeys());

        // When
        AggregateVerifier verifier = killAgainAndAgain(worker, kills(), () -> {
            delete(directory.resolve("local"));
            largeKeys.addAll(sendLargeKeys());
        });

        // Then
        assertThat(lastResumption).containsPattern("resumes? from").doesNotContain("local database");
        largeKeys.forEach(key -> verifier.expect(key, BigDecimal.ONE));
        verifier.verifyExactlyOnce(Readers.readCommitted(broker, output));

        // When
        Cairn.Result gc =
                Cairn.in(directory, variables(settings), "checkpoints", "gc", "--job", job, "--older-than", "0s");

        // Then
        assertThat(gc.exitCode()).as(gc.err()).isZero();
    }

    private void assertThatStoreHolds(Path bucket) throws IOException {
        Invariants invariants =
                new Invariants(broker, job, input, "/delay", bucket.resolve("prod"), directory.resolve("restored"));
        assertThat(invariants.assertStoreHolds()).isEqualTo(PARTITIONS);
        assertThat(invariants.orphans()).isEmpty();
    }

    @Test
    @Tag("rule-C20")
    void shouldCountAtLeastOnceWithoutTransactions() {
        // Given
        WorkerProcess.Builder worker = worker("worker-1").set("execution.checkpointing.mode", "AT_LEAST_ONCE");

        // When
        AggregateVerifier verifier = killAgainAndAgain(worker, kills(), () -> {});

        // Then
        verifier.verifyAtLeastOnce(Readers.readCommitted(broker, output));
        assertThat(Readers.readUncommitted(broker, output).size())
                .as("results, some of them again")
                .isGreaterThan((int) verifier.inputs());
    }

    @Test
    void shouldCountOnceWhenOneOfTwoWorkersStaysAwayAndComesBack() {
        // Given
        WorkerProcess.Builder first =
                worker("worker-1").jvm("-Dquarkus.log.category.\"" + LISTS_OF_SETTINGS + "\".level=INFO");
        WorkerProcess.Builder second = worker("worker-2");
        AggregateVerifier verifier;

        // When
        try (Feed feed = feed();
                WorkerProcess staying = second.start()) {
            staying.awaitOutput(RUNS, LIMIT);
            try (WorkerProcess leaving = first.start()) {
                leaving.awaitOutput(RUNS, LIMIT);
                // The default, as those of its consumers have it that are members.
                leaving.awaitOutput("session.timeout.ms = 15000", LIMIT);
                awaitMembers("worker-1", true);
                work(leaving);
                kill(leaving);
            }
            long mark = staying.mark();
            awaitMembers("worker-1", false);
            staying.awaitOutput(RUNS, mark, LIMIT);
            work(staying);
            try (WorkerProcess back = first.start()) {
                back.awaitOutput(RUNS, LIMIT);
                work(back);
                kill(staying);
                work(back);
                try (WorkerProcess again = second.start()) {
                    again.awaitOutput(RUNS, LIMIT);
                    work(again);
                    verifier = feed.finish();
                    Workers.awaitCaughtUp(broker, job, input);
                    back.terminate(LIMIT);
                    again.terminate(LIMIT);
                }
            }
        }

        // Then
        verifier.verifyExactlyOnce(Readers.readCommitted(broker, output));
        assertThatWorkWasLostOnTheWay();
    }

    /** So much state, and of a kind that cannot be compressed, that its files are stored in parts. */
    private List<String> sendLargeKeys() {
        List<String> keys = new ArrayList<>();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < PARTITIONS * LARGE_KEYS; i++) {
            byte[] content = new byte[LARGE_KEY_BYTES];
            random.nextBytes(content);
            String key = Base64.getEncoder().encodeToString(content);
            keys.add(key);
            records.add(Topics.record(input, key, "{\"delay\":1}"));
        }
        Topics.send(broker, records);
        return keys;
    }

    private static Map<String, String> variables(Map<String, String> settings) {
        return settings.entrySet().stream()
                .collect(Collectors.toMap(
                        setting ->
                                setting.getKey().replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT),
                        Map.Entry::getValue));
    }

    private WorkerProcess.Builder worker(String instance) {
        return Workers.aggregate(broker, directory, job, input, output)
                .name(job + "-" + instance)
                .set("cairn.instance", instance)
                .set(
                        "taskmanager.state.local.root-dirs",
                        directory.resolve("local").resolve(instance).toString())
                .set("execution.checkpointing.interval", "300ms")
                .set("state.backend.fs.memory-threshold", "1kb")
                .set("kafka.max.poll.records", "50");
    }

    private Feed feed() {
        return Feed.start(broker, input, TestData.flights(), "/origin", "/delay", LINES_PER_SECOND);
    }

    private AggregateVerifier killAgainAndAgain(WorkerProcess.Builder builder, int kills, Runnable betweenKills) {
        try (Feed feed = feed()) {
            for (int i = 0; i < kills; i++) {
                try (WorkerProcess worker = builder.start()) {
                    worker.awaitOutput(RUNS, LIMIT);
                    if (i % 2 == 0) {
                        // Otherwise a slow machine would never come further than the first checkpoint.
                        awaitProgress();
                    }
                    work(worker);
                    kill(worker);
                }
                betweenKills.run();
                if (i % 5 == 4) {
                    dieWhileStarting(builder);
                    betweenKills.run();
                }
            }
            try (WorkerProcess worker = builder.start()) {
                lastResumption = worker.awaitOutput(RUNS, LIMIT);
                AggregateVerifier verifier = feed.finish();
                Workers.awaitCaughtUp(broker, job, input);
                worker.terminate(LIMIT);
                return verifier;
            }
        }
    }

    /** Until a random moment. A worker that ends by itself is not what is tested here. */
    private void work(WorkerProcess worker) {
        runFor(worker, random.nextInt(MOST_MILLIS_OF_WORK));
    }

    private static void runFor(WorkerProcess worker, int millis) {
        assertThatThrownBy(() -> worker.onExit().get(millis, TimeUnit.MILLISECONDS))
                .as("the worker runs for %d ms", millis)
                .isInstanceOf(TimeoutException.class);
    }

    private void dieWhileStarting(WorkerProcess.Builder builder) {
        try (WorkerProcess worker = builder.start()) {
            runFor(worker, random.nextInt(MOST_MILLIS_OF_START));
            worker.kill9();
        }
    }

    /** Notes how much there was to do, so that the kill is known to have hit a worker at its work. */
    private void kill(WorkerProcess worker) {
        worker.kill9();
        long lag = endOfInput() - committed();
        lags.add(lag);
        assertThat(lag).as("records read or to be read when killed: %s", lags).isPositive();
    }

    private long endOfInput() {
        Map<TopicPartition, OffsetSpec> latest = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(input, partition))
                .collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
        return Answers.of(broker.admin().listOffsets(latest).all()).values().stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }

    /** As of the last transaction that has ended: the one of the killed worker is still open. */
    private long committed() {
        return Answers.of(broker.admin().listConsumerGroupOffsets(job).partitionsToOffsetAndMetadata())
                .values()
                .stream()
                .mapToLong(OffsetAndMetadata::offset)
                .sum();
    }

    private void awaitProgress() {
        long before = committed();
        await("a checkpoint is committed").atMost(LIMIT).until(() -> committed() > before);
    }

    private void awaitMembers(String instance, boolean present) {
        await(instance + (present ? " joins" : " is thrown out"))
                .atMost(LIMIT)
                .until(
                        () -> Answers.of(broker.admin()
                                                .describeConsumerGroups(List.of(job))
                                                .describedGroups()
                                                .get(job))
                                        .members()
                                        .stream()
                                        .anyMatch(member -> member.groupInstanceId()
                                                        .orElse("")
                                                        .startsWith(instance + "-")
                                                && !member.assignment()
                                                        .topicPartitions()
                                                        .isEmpty())
                                == present);
    }

    /** Transactions were cut off: results were written that no reader ever sees. */
    private void assertThatWorkWasLostOnTheWay() {
        int visible = Readers.readCommitted(broker, output).size();
        int written = Readers.readUncommitted(broker, output).size();
        System.out.println(job + ": " + lags.size() + " kills at lags " + lags + ", " + visible + " results, and "
                + (written - visible) + " aborted");
        assertThat(written).isGreaterThan(visible);
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }
}
