package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.InProcessBroker;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;

/** The same job name and directory on a second cluster, by mistake or on purpose: nothing of the first one's is deleted. */
class SecondClusterIT {

    private static final String SETTING = "cairn.recovery.on-other-cluster";
    private static final String SERVERS = "kafka.bootstrap.servers";
    private static final String LOCAL = "taskmanager.state.local.root-dirs";

    @TempDir
    static Path ofCluster;

    private static InProcessBroker second;

    private final TestBroker first = Brokers.shared();

    @TempDir
    Path directory;

    /** How long the topic of the same name is there. */
    enum Length {
        LONGER(70),
        SHORTER(10);

        private final int records;

        Length(int records) {
            this.records = records;
        }
    }

    @BeforeAll
    static void start() {
        second = InProcessBroker.start(ofCluster.resolve("second"), Map.of());
    }

    @AfterAll
    static void end() {
        second.close();
    }

    @ParameterizedTest
    @Tag("rule-I3")
    @Tag("rule-K9")
    @EnumSource(Length.class)
    void shouldDeleteNothingThatTheFirstClusterMayName(Length length) {
        // Given: files next to _metadata, and a newest checkpoint that nothing in the store proves
        TestJob job = new TestJob(first, directory, 1).set("state.backend.fs.memory-threshold", "0");
        second.createTopic(job.input(), 1);
        second.createTopic(job.output(), 1);
        sendToSecond(job, length.records);
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            job.send(20, 5);
            job.awaitCommitted();
            job.send(20, 5);
            job.awaitCommitted();
            CheckpointId named = job.named(0);

            // When
            onSecond(job);
            try (EmbeddedWorker elsewhere = job.start("worker-2")) {
                // Then
                assertThat(elsewhere.awaitParked(0)).contains(id(first), id(second), SETTING + "=accept", "cairn.job");
            }

            // When
            job.set(SETTING, "accept");
            if (length == Length.LONGER) {
                goOnThereTwice(job);
            } else {
                try (EmbeddedWorker elsewhere = job.start("worker-2")) {
                    assertThat(elsewhere.awaitParked(0)).contains("position 40", "lies behind the log's end 10");
                }
            }

            // Then: the first continues
            job.set(SERVERS, first.bootstrapServers()).set(SETTING, "park");
            assertThat(Files.exists(metadata(job, named))).isTrue();
            job.send(20, 5);
            job.awaitCommitted();
            assertThat(worker.rollBacks()).isZero();
        }
        job.awaitNoMembers();

        // When: both are started from what is in the store
        job.set(LOCAL, directory.resolve("fresh").toString()).run("worker-1", 2);

        // Then
        job.verifyExactlyOnce();
        if (length == Length.LONGER) {
            onSecond(job).set(LOCAL, directory.resolve("fresh-elsewhere").toString());
            sendToSecond(job, 5);
            awaitAllOnSecond(job, 5);
        }
    }

    private void goOnThereTwice(TestJob job) {
        // The state is that of the first 40 records.
        awaitAllOnSecond(job, 30);
        assertThat(Readers.readCommitted(second, job.output()).size()).isEqualTo(30);
        sendToSecond(job, 5);

        // What is left over is sorted out when it is restored from a checkpoint of its own.
        awaitAllOnSecond(job.set(SETTING, "park"), 5);
        sendToSecond(job, 5);
        awaitAllOnSecond(job, 5);
    }

    private static void awaitAllOnSecond(TestJob job, int records) {
        try (EmbeddedWorker worker = job.start("worker-2")) {
            worker.awaitProcessed(records);
            assertThat(worker.status().records()).isEqualTo(records);
            await("all is committed")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Readers.committedOffset(second, job.name(), new TopicPartition(job.input(), 0))
                                    .offset()
                            >= Readers.readCommitted(second, job.input()).size());
        }
    }

    private TestJob onSecond(TestJob job) {
        return job.set(SERVERS, second.bootstrapServers())
                .set(LOCAL, directory.resolve("elsewhere").toString());
    }

    private static void sendToSecond(TestJob job, int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(Topics.record(job.input(), "p0-k" + i % 5, "1"));
        }
        Topics.send(second, records);
    }

    private static Path metadata(TestJob job, CheckpointId id) {
        return job.checkpoints(0).resolve("chk-" + id.number()).resolve("_metadata");
    }

    private static String id(TestBroker cluster) {
        return Answers.of(cluster.admin().describeCluster().clusterId());
    }
}
