package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import dev.cairn.testkit.AggregateVerifier;
import dev.cairn.testkit.Brokers;
import dev.cairn.testkit.Feed;
import dev.cairn.testkit.Podman;
import dev.cairn.testkit.Readers;
import dev.cairn.testkit.TestBroker;
import dev.cairn.testkit.TestData;
import dev.cairn.testkit.Topics;
import dev.cairn.testkit.WorkerContainer;

/** The image for JVMs as it is deployed: without rights, on files that cannot be written to, and with a limit. */
class ContainerIT {

    private static final String MEMORY = "512m";
    private static final long MEMORY_BYTES = 512L << 20;
    private static final int PARTITIONS = 4;
    private static final int LINES_PER_SECOND = 600;
    private static final int KEYS = 2_000_000;
    private static final int UPDATES = 300_000;
    private static final int BATCH = 100_000;
    private static final int WORKER = 10_001;
    private static final int ENDED_BY_SIGTERM = 128 + 15;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String RUNS = "partition \\d+ (starts|resumes)";

    private static String image;

    private final TestBroker broker = Brokers.shared();

    @BeforeAll
    static void build() {
        Podman.require();
        image = Podman.build(
                Path.of("docker", "Dockerfile.jvm"),
                Map.of("VERSION", "1.2.3", "REVISION", "abc", "CREATED", "2026-11-01T00:00:00Z"));
    }

    @AfterAll
    static void remove() {
        if (image != null) {
            Podman.remove(image);
        }
    }

    @Test
    void shouldResumeWhenItIsKilled() {
        // Given: flights that keep coming
        Path flights = TestData.flights();
        createTopics("container");
        AggregateVerifier expected;
        try (WorkerContainer worker = WorkerContainer.start(image, MEMORY, settings("container"));
                Feed feed = Feed.start(broker, "container", flights, "/origin", "/delay", LINES_PER_SECOND)) {
            worker.awaitOutput(RUNS, PARTITIONS, LIMIT);
            worker.awaitOutput("chk-[3-9]", 1, LIMIT);

            // When
            worker.kill9();
            worker.startAgain();

            // Then
            worker.awaitOutput("partition \\d+ resumes from chk-\\d+ \\(local database", PARTITIONS, LIMIT);
            expected = feed.finish();
            Workers.awaitCaughtUp(broker, "container", "container");
            assertThat(worker.terminate()).isEqualTo(ENDED_BY_SIGTERM);
            assertThat(worker.output())
                    .contains("job container: stopped")
                    .doesNotContain(" WARN ")
                    .doesNotContain(" ERROR ");
        }
        expected.verifyExactlyOnce(Readers.readCommitted(broker, "container-out"));
    }

    /** Their libraries are native, and there is no place to unpack them to. */
    @Test
    void shouldReadEveryCompression() {
        // Given
        createTopics("container-codecs");
        try (WorkerContainer worker = WorkerContainer.start(image, MEMORY, settings("container-codecs"))) {
            // When
            AggregateVerifier expected = new AggregateVerifier();
            for (String compression : List.of("gzip", "lz4", "snappy", "zstd")) {
                sendCompressed("container-codecs", compression);
                expected.expect(compression, BigDecimal.ONE);
            }

            // Then
            Workers.awaitCaughtUp(broker, "container-codecs", "container-codecs");
            assertThat(worker.isRunning()).isTrue();
            expected.verifyExactlyOnce(Readers.readCommitted(broker, "container-codecs-out"));
        }
    }

    @Test
    void shouldStayBelowItsLimitWithMoreStateThanMemory() {
        // Given
        createTopics("container-full");
        try (WorkerContainer worker = WorkerContainer.start(image, MEMORY, settings("container-full"))) {
            worker.awaitOutput(RUNS, PARTITIONS, LIMIT);

            // When
            SplittableRandom random = new SplittableRandom(5);
            List<ProducerRecord<byte[], byte[]>> batch = new ArrayList<>();
            for (int i = 0; i < KEYS + UPDATES; i++) {
                String key = "customer-" + (i < KEYS ? i : random.nextInt(KEYS));
                batch.add(Topics.record("container-full", key, "{\"delay\":" + i + "}"));
                if (batch.size() == BATCH) {
                    Topics.send(broker, batch);
                    batch.clear();
                }
            }
            Workers.awaitCaughtUp(broker, "container-full", "container-full");

            // Then
            assertThat(worker.output()).doesNotContain(" ERROR ");
            System.out.printf(Locale.ROOT, "%,d MiB of %s at most%n", worker.mostResidentBytes() >> 20, MEMORY);
            assertThat(worker.wasKilledForMemory()).isFalse();
            assertThat(worker.isRunning()).isTrue();
            assertThat(worker.mostResidentBytes()).isLessThan(MEMORY_BYTES);
            assertThat(worker.terminate()).isEqualTo(ENDED_BY_SIGTERM);
        }
    }

    @Test
    void shouldHoldTheWorkerAndNoMore() throws IOException {
        // Given
        JsonNode config = Podman.inspect(image).path("Config");
        Path root = Podman.mount(image);
        try {
            // Then
            List<Path> application = List.of(root.resolve("opt/cairn"));
            ImageContents.of(application).verify(rocksLibrary());
            assertThat(ImageContents.filesBelow(root))
                    .filteredOn(file -> file.getFileName().toString().startsWith("librocksdbjni"))
                    .hasSize(1);
            assertThat(ImageContents.filesBelow(application.get(0))).noneMatch(ContainerIT::isWritableByTheWorker);
            assertThat(root.resolve("var/lib/cairn/state")).satisfies(ContainerIT::belongsToTheWorker);
        } finally {
            Podman.unmount(image);
        }
        assertThat(config.path("User").asText()).isEqualTo(WORKER + ":" + WORKER);
        assertThat(config.at("/Entrypoint/0").asText()).isEqualTo("java");
        assertThat(config.has("Healthcheck")).isFalse();
        assertThat(config.path("ExposedPorts").has("8080/tcp")).isTrue();
        assertThat(config.at("/Labels/org.opencontainers.image.version").asText())
                .isEqualTo("1.2.3");
        assertThat(config.at("/Labels/org.opencontainers.image.revision").asText())
                .isEqualTo("abc");
        assertThat(config.at("/Labels/org.opencontainers.image.created").asText())
                .isEqualTo("2026-11-01T00:00:00Z");
    }

    private static String rocksLibrary() {
        return "aarch64".equals(System.getProperty("os.arch"))
                ? "librocksdbjni-linux-aarch64.so"
                : "librocksdbjni-linux64.so";
    }

    private static boolean isWritableByTheWorker(Path file) {
        try {
            return belongsTo(file) == WORKER
                    || Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void belongsToTheWorker(Path file) throws IOException {
        assertThat(belongsTo(file)).isEqualTo(WORKER);
    }

    private static int belongsTo(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid");
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
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap.servers", broker.bootstrapServers());
        settings.put("cairn.job", job);
        settings.put("cairn.input.topics", job);
        settings.put("cairn.output.topic", job + "-out");
        settings.put("cairn.aggregate.value", "/delay");
        settings.put("cairn.instance", "worker-1");
        settings.put("cairn.threads", "2");
        settings.put("cairn.status.interval", "1s");
        settings.put("execution.checkpointing.interval", "1s");
        settings.put("state.checkpoints.dir", "file:/var/lib/cairn/checkpoints");
        return settings;
    }
}
