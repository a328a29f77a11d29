package dev.cairn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.worker.WorkerProcess;

/** What is wrong before the first record: the worker ends with one error that names the thing, the cause and the way out. */
class BadInputIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    void shouldListEveryProblemOfTheSettingsAtOnce() {
        // Given
        SmallJob job = new SmallJob(broker, directory, "bad-settings");

        // When
        try (WorkerProcess worker = job.worker()
                .set("cairn.threads", "none")
                .set("execution.checkpointing.interval", "fast")
                .set("cairn.errors", "ignore")
                .set("state.checkpoints.dir", "gs://bucket/checkpoints")
                .set("kafka.enable.auto.commit", "true")
                .start()) {

            // Then
            assertThat(Errors.endOf(worker))
                    .contains("5 problems in the settings")
                    .contains("cairn.threads = \"none\": not a whole number")
                    .contains("execution.checkpointing.interval = \"fast\": not a duration")
                    .contains("cairn.errors = \"ignore\": ", "Write one of: fail, skip, dead-letter")
                    .contains("state.checkpoints.dir = \"gs://bucket/checkpoints\": gs: is not supported")
                    .contains("kafka.enable.auto.commit = \"true\": ");
            assertThat(Errors.warnings(worker)).isEmpty();
        }
    }

    @Test
    void shouldNameProcessorsWhenThereIsNoneOfTheName() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "bad-processor").send(100);

        // When
        try (WorkerProcess worker =
                job.worker().set("cairn.processor", "agregate").start()) {

            // Then
            assertThat(Errors.endOf(worker)).contains("cairn.processor", "agregate", "aggregate");
            assertThat(Errors.warnings(worker)).isEmpty();
        }
        finish(job);
    }

    @Test
    void shouldRefuseAggregateWithoutPointer() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "bad-pointer").send(100);

        // When
        try (WorkerProcess worker =
                job.worker().set("cairn.aggregate.value", "delay").start()) {

            // Then
            assertThat(Errors.endOf(worker)).contains("cairn.aggregate.value", "delay", "such as /delay");
            assertThat(Errors.warnings(worker)).isEmpty();
        }
        finish(job);
    }

    @Test
    void shouldNameEveryMissingTopic() {
        // Given
        SmallJob job = new SmallJob(broker, directory, "bad-topics");

        // When
        try (WorkerProcess worker = job.worker()
                .set("cairn.errors", "dead-letter")
                .set("cairn.dead-letter.topic", "bad-topics-dead")
                .start()) {

            // Then
            assertThat(Errors.endOf(worker))
                    .contains("bad-topics-in does not exist", "cairn.input.topics")
                    .contains("bad-topics-out does not exist", "cairn.output.topic")
                    .contains("bad-topics-dead does not exist", "cairn.dead-letter.topic");
            assertThat(Errors.warnings(worker)).isEmpty();
        }

        broker.createTopic(job.input(), SmallJob.PARTITIONS);
        broker.createTopic(job.output(), SmallJob.PARTITIONS);
        finish(job.send(100));
    }

    @Test
    void shouldRefuseInputTopicsWithUnequalPartitionCounts() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "bad-counts").send(100);
        broker.createTopic("bad-counts-other", 3);

        // When
        try (WorkerProcess worker = job.worker()
                .set("cairn.input.topics", "bad-counts-in,bad-counts-other")
                .start()) {

            // Then
            assertThat(Errors.endOf(worker)).contains("bad-counts-in=2", "bad-counts-other=3", "the same number");
            assertThat(Errors.warnings(worker)).isEmpty();
        }
        finish(job);
    }

    @Test
    void shouldNameAddressOfBrokerThatCannotBeReached() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "bad-broker").send(100);

        // When: no one listens on port 1
        try (WorkerProcess worker =
                job.worker().set("kafka.bootstrap.servers", "localhost:1").start()) {

            // Then
            assertThat(Errors.endOf(worker)).contains("kafka.bootstrap.servers", "localhost:1");
            assertThat(Errors.warnings(worker)).isEmpty();
        }
        finish(job);
    }

    @Test
    void shouldNameBrokerWhoseHostIsUnknown() {
        // Given
        SmallJob job = new SmallJob(broker, directory, "bad-host");

        // When
        try (WorkerProcess worker = job.worker()
                .set("kafka.bootstrap.servers", "kafka.invalid:9092")
                .start()) {

            // Then
            assertThat(Errors.endOf(worker))
                    .contains("kafka.bootstrap.servers=kafka.invalid:9092", "Correct the address");
        }
    }

    @Test
    void shouldRefuseFileWhereCheckpointsShouldBe() throws IOException {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "bad-checkpoints").send(100);
        Path file = Files.writeString(directory.resolve("checkpoints"), "not a directory");

        // When
        try (WorkerProcess worker = job.worker().start()) {

            // Then
            assertThat(Errors.endOf(worker)).contains("state.checkpoints.dir", file.toString(), "not a directory");
            assertThat(Errors.warnings(worker)).isEmpty();
        }
        Files.delete(file);
        finish(job);
    }

    @Test
    void shouldRefuseFileWhereLocalDatabasesShouldBe() throws IOException {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "bad-local").send(100);
        Path file = Files.writeString(job.local(), "not a directory");

        // When
        try (WorkerProcess worker = job.worker().start()) {

            // Then
            assertThat(Errors.endOf(worker))
                    .contains("taskmanager.state.local.root-dirs", file.toString(), "not a directory");
            assertThat(Errors.warnings(worker)).isEmpty();
        }
        Files.delete(file);
        finish(job);
    }

    @Test
    @Tag("rule-S2")
    void shouldNameSettingsThatNeedLongerTransactionsThanTheBrokerAllows() {
        // Given
        SmallJob job = SmallJob.create(broker, directory, "bad-timeout").send(100);

        // When
        try (WorkerProcess worker =
                job.worker().set("execution.checkpointing.timeout", "10min").start()) {

            // Then
            assertThat(Errors.endOf(worker))
                    .contains("execution.checkpointing.interval", "execution.checkpointing.timeout")
                    .contains("transaction.max.timeout.ms=900000");
            assertThat(Errors.warnings(worker)).isEmpty();
        }
        finish(job);
    }

    /** With the cause removed the job finishes, and nothing is lost. */
    private static void finish(SmallJob job) {
        try (WorkerProcess worker = job.worker().start()) {
            job.awaitCaughtUp();
            worker.terminate(LIMIT);
        }
        job.verifyExactlyOnce();
    }
}
