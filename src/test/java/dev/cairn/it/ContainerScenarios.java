package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import dev.cairn.testkit.TestData;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.container.Podman;
import dev.cairn.testkit.container.WorkerContainer;
import dev.cairn.testkit.verify.AggregateVerifier;
import dev.cairn.testkit.verify.Feed;
import dev.cairn.testkit.worker.WorkerSettings;

/** What every image of the worker does as it is deployed: without rights, on files that cannot be written to, and with a limit. */
abstract class ContainerScenarios {

    private static final String MEMORY = "512m";
    private static final long MEMORY_BYTES = 512L << 20;
    private static final int PARTITIONS = 4;
    private static final int LINES_PER_SECOND = 600;
    private static final int KEYS = 2_000_000;
    private static final int UPDATES = 300_000;
    private static final int BATCH = 100_000;
    private static final int ENDED_BY_SIGTERM = 128 + 15;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String RUNS = "partition \\d+ (starts|resumes)";

    /** By its name, once it is built. */
    static String image;

    private final TestBroker broker = Brokers.shared();
    private final String prefix;

    /** @param prefix of the jobs' names */
    ContainerScenarios(String prefix) {
        this.prefix = prefix;
    }

    @AfterAll
    static void remove() {
        if (image != null) {
            Podman.remove(image);
            image = null;
        }
    }

    @Test
    void shouldResumeWhenItIsKilled() {
        // Given: flights that keep coming
        Path flights = TestData.flights();
        createTopics(job(""));
        AggregateVerifier expected;
        try (WorkerContainer worker = WorkerContainer.start(image, MEMORY, settings(job("")));
                Feed feed = Feed.start(broker, job(""), flights, "/origin", "/delay", LINES_PER_SECOND)) {
            worker.awaitOutput(RUNS, PARTITIONS, LIMIT);
            worker.awaitOutput("chk-[3-9]", 1, LIMIT);

            // When
            worker.kill9();
            worker.startAgain();

            // Then
            worker.awaitOutput("partition \\d+ resumes from chk-\\d+ \\(local database", PARTITIONS, LIMIT);
            expected = feed.finish();
            Workers.awaitCaughtUp(broker, job(""), job(""));
            assertThat(worker.terminate()).isEqualTo(ENDED_BY_SIGTERM);
            assertThat(worker.output())
                    .contains("job " + job("") + ": stopped")
                    .doesNotContain(" WARN ")
                    .doesNotContain(" ERROR ");
        }
        expected.verifyExactlyOnce(Readers.readCommitted(broker, job("") + "-out"));
    }

    /** Their libraries are native, and there is no place to unpack them to. */
    @Test
    void shouldReadEveryCompression() {
        // Given
        createTopics(job("-codecs"));
        try (WorkerContainer worker = WorkerContainer.start(image, MEMORY, settings(job("-codecs")))) {
            // When
            AggregateVerifier expected = new AggregateVerifier();
            for (String compression : List.of("gzip", "lz4", "snappy", "zstd")) {
                sendCompressed(job("-codecs"), compression);
                expected.expect(compression, BigDecimal.ONE);
            }

            // Then
            Workers.awaitCaughtUp(broker, job("-codecs"), job("-codecs"));
            assertThat(worker.isRunning()).isTrue();
            expected.verifyExactlyOnce(Readers.readCommitted(broker, job("-codecs") + "-out"));
        }
    }

    @Test
    void shouldStayBelowItsLimitWithMoreStateThanMemory() {
        // Given
        createTopics(job("-full"));
        try (WorkerContainer worker = WorkerContainer.start(image, MEMORY, settings(job("-full")))) {
            worker.awaitOutput(RUNS, PARTITIONS, LIMIT);

            // When
            SplittableRandom random = new SplittableRandom(5);
            List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();
            for (int i = 0; i < KEYS + UPDATES; i++) {
                String key = "customer-" + (i < KEYS ? i : random.nextInt(KEYS));
                batch.add(Topics.record(job("-full"), key, "{\"delay\":" + i + "}"));
                if (batch.size() == BATCH) {
                    Topics.send(broker, batch);
                    batch.clear();
                }
            }
            Workers.awaitCaughtUp(broker, job("-full"), job("-full"));

            // Then
            assertThat(worker.output()).doesNotContain(" ERROR ");
            System.out.printf(Locale.ROOT, "%,d MiB of %s at most%n", worker.mostResidentBytes() >> 20, MEMORY);
            assertThat(worker.wasKilledForMemory()).isFalse();
            assertThat(worker.isRunning()).isTrue();
            assertThat(worker.mostResidentBytes()).isLessThan(MEMORY_BYTES);
            assertThat(worker.terminate()).isEqualTo(ENDED_BY_SIGTERM);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A record that is missing would be missed.
    private void sendCompressed(String topic, String compression) {
        try (Producer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "compression.type", compression),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, compression, "{\"delay\":1}"));
        }
    }

    private void createTopics(String job) {
        broker.createTopic(job, PARTITIONS);
        broker.createTopic(job + "-out", PARTITIONS);
    }

    private Map<String, String> settings(String job) {
        return new WorkerSettings()
                .job(broker.bootstrapServers(), job)
                .reads(job)
                .writes(job + "-out")
                .aggregates("/delay")
                .instance("worker-1")
                .threads(2)
                .statusEvery("1s")
                .checkpointsEvery("1s")
                .checkpointsIn("file:/var/lib/cairn/checkpoints")
                .asMap();
    }

    private String job(String suffix) {
        return prefix + suffix;
    }
}
