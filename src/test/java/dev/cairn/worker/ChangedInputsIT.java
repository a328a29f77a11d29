package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.PartitionState;

/** An input topic that is deleted, and one that is created again under its name: another topic, whatever it holds. */
class ChangedInputsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SETTING = "cairn.recovery.on-recreated-input";

    /** A partition that is tried again is tried within 10 s for the first time. */
    private static final Duration LONGER_THAN_A_RETRY = Duration.ofSeconds(12);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    /** How many records the new topic has: more than the position in the old one, or fewer. */
    enum Length {
        MORE(100),
        FEWER(5);

        private final int records;

        Length(int records) {
            this.records = records;
        }
    }

    /** What the worker does while the topic is created again. */
    enum WorkerIs {
        STOPPED,
        RUNNING,
        /** In the middle of a record, so that its consumer never sees that the topic is gone, and reads on in the new one. */
        HELD
    }

    @ParameterizedTest
    @Tag("rule-C14")
    @Tag("rule-R11")
    @Tag("rule-I2")
    @Tag("rule-K7")
    @CsvSource({"MORE, STOPPED", "MORE, RUNNING", "MORE, HELD", "FEWER, STOPPED", "FEWER, RUNNING", "FEWER, HELD"})
    void shouldParkForGoodWhenTheInputWasCreatedAgain(Length length, WorkerIs is) {
        // Given
        TestJob job = new TestJob(broker, directory, 2).run("worker-1", 2);
        EmbeddedWorker worker = job.worker("worker-1");
        if (is != WorkerIs.STOPPED) {
            worker.start().awaitRunning(0).awaitRunning(1);
        }
        StepGate.Hold held = worker.gate().holdBeforeRecord("7");
        if (is == WorkerIs.HELD) {
            Topics.send(broker, job.input(), "never committed", "7");
            held.awaitHeld();
        }
        long before = Readers.readCommitted(broker, job.output()).size();

        // When
        createAgain(job, 2);
        job.send(length.records, 5);
        held.release();
        if (is == WorkerIs.STOPPED) {
            worker.start();
        }

        // Then
        try (worker) {
            assertThat(worker.awaitParked(0)).contains(job.input(), "created again", SETTING);
            assertThat(worker.awaitParked(1)).contains("created again");

            // When: the position exists in the new topic as well
            job.send(100, 5);

            // Then
            Duration during =
                    length == Length.FEWER && is == WorkerIs.RUNNING ? LONGER_THAN_A_RETRY : Duration.ofSeconds(1);
            long rollBacks = worker.rollBacks();
            await().during(during).atMost(LIMIT).until(() -> areParked(worker));
            assertThat(worker.rollBacks()).isEqualTo(rollBacks);
        }
        assertThat(Readers.readCommitted(broker, job.output()).size()).isEqualTo((int) before);
        job.awaitNoMembers();

        // When: it continues with its state on purpose
        runToTheEnd(job.set(SETTING, "keep-state"), 2L * (length.records + 100));

        // Then
        job.verifyExactlyOnce();

        // When: the choice is on record
        job.set(SETTING, "park").run("worker-1", 1);

        // Then
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-I2")
    void shouldReadTheNewTopicWithEmptyStateWhenTheSettingSaysSo() {
        // Given: another number of partitions does not matter without state
        TestJob job = new TestJob(broker, directory, 2).run("worker-1", 2);
        createAgain(job, 3);
        job.sendUnexpected(0, 7);
        job.sendUnexpected(2, 7);

        // When
        runToTheEnd(job.set(SETTING, "fresh-state"), 14);

        // Then
        List<ConsumerRecord<String, String>> output =
                Readers.readCommitted(broker, job.output()).records();
        assertThat(output)
                .filteredOn(result -> result.key().equals("unexpected"))
                .hasSize(14)
                .filteredOn(result -> result.value().contains("\"count\":1,"))
                .hasSize(2);

        // When: it is started as before
        job.sendUnexpected(0, 1);
        runToTheEnd(job.set(SETTING, "park"), 1);

        // Then
        assertThat(Readers.readCommitted(broker, job.output()).records())
                .filteredOn(result -> result.value().contains("\"count\":8,"))
                .extracting(ConsumerRecord::key)
                .contains("unexpected");
    }

    /** The state keeps what came from the topic that is still the same. */
    @Test
    @Tag("rule-I2")
    void shouldReadOnlyTheTopicFromItsBeginningThatWasCreatedAgain() {
        // Given
        TestJob job = new TestJob(broker, directory, 1);
        String second = job.addInput();
        job.run("worker-1", 2);
        delete(second);
        broker.createTopic(second, 1);
        job.send(5, 5);

        // When
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // Then
            assertThat(worker.awaitParked(0)).contains(second, "created again");
        }
        job.awaitNoMembers();

        // When
        runToTheEnd(job.set(SETTING, "keep-state"), 10);

        // Then
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-R9")
    void shouldPutTheIdsOfClusterAndTopicsOnRecord() {
        // Given
        TestJob job = new TestJob(broker, directory, 1).run("worker-1", 1);

        // Then
        CheckpointMetadata named = job.namedCheckpoint(0);
        assertThat(named.clusterId())
                .contains(Answers.of(broker.admin().describeCluster().clusterId()));
        assertThat(named.positions()).singleElement().satisfies(position -> assertThat(position.topicId())
                .isEqualTo(Answers.of(broker.admin()
                                .describeTopics(List.of(job.input()))
                                .allTopicNames())
                        .get(job.input())
                        .topicId()
                        .toString()));
    }

    private static boolean areParked(EmbeddedWorker worker) {
        return worker.partition(0).filter(PartitionState.PARKED::equals).isPresent()
                && worker.partition(1).filter(PartitionState.PARKED::equals).isPresent();
    }

    /** Lets a worker process so many records, and stops it in good order. */
    private static void runToTheEnd(TestJob job, long records) {
        try (EmbeddedWorker worker = job.start("worker-1")) {
            worker.awaitProcessed(records);
            assertThat(worker.status().records()).isEqualTo(records);
        }
        job.awaitNoMembers();
    }

    private void createAgain(TestJob job, int partitions) {
        delete(job.input());
        broker.createTopic(job.input(), partitions);
    }

    private void delete(String topic) {
        Answers.of(broker.admin().deleteTopics(List.of(topic)).all());
        await(topic + " is gone").atMost(LIMIT).until(() -> !broker.hasTopic(topic));
    }
}
