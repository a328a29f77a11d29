package dev.cairn.worker;

import static dev.cairn.checkpoint.write.CheckpointStep.COMMITTED;
import static dev.cairn.checkpoint.write.CheckpointStep.FROZEN;
import static dev.cairn.checkpoint.write.CheckpointStep.INGESTED;
import static dev.cairn.checkpoint.write.CheckpointStep.METADATA_WRITTEN;
import static dev.cairn.checkpoint.write.CheckpointStep.OFFSETS_SENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.loop.Loop;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerState;

/** The rules of a commit, each with the interleaving that loses, doubles or reorders records without it. */
class CommitRulesIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration A_WHILE = Duration.ofSeconds(1);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    @Tag("rule-C1")
    void shouldCommitAfterRebalanceThatKeptThePartition() {
        // Given
        TestJob job = new TestJob(broker, directory, 1);
        job.send(50, 5);
        try (EmbeddedWorker first = job.start("worker-1")) {
            job.awaitCommitted();
            StepGate.Hold inFlight = first.gate().holdAt(METADATA_WRITTEN);
            job.send(50, 5);
            inFlight.awaitHeld();
            long number = first.gate().last(METADATA_WRITTEN).number();

            // When
            try (EmbeddedWorker second = job.start("worker-2")) {
                job.awaitMembers(2);
                inFlight.release();
                job.awaitCommitted();

                // Then
                assertThat(first.rollBacks()).isZero();
                assertThat(first.gate().history()).contains(new StepGate.Event(COMMITTED, 0, number));
                assertThat(second.status().partitions()).isEmpty();
            }
        }
        job.verifyExactlyOnce();
    }

    /** The checkpoint in flight, and a last one, are committed while the group takes partitions away. */
    @Test
    @Tag("rule-C1")
    @Tag("rule-C17")
    void shouldCommitDuringRebalanceThatKeepsOnePartitionAndMovesAnother() {
        // Given
        TestJob job = new TestJob(broker, directory, 4);
        job.send(50, 5);
        try (EmbeddedWorker first = job.start("worker-1")) {
            job.awaitCommitted();
            StepGate.Hold inFlight = first.gate().holdAt(METADATA_WRITTEN);
            job.send(50, 5);
            inFlight.awaitHeld();

            // When
            try (EmbeddedWorker second = job.start("worker-2")) {
                // Before, the broker may be at the next generation without the first one having heard of it, and
                // refuses it with good reason.
                job.awaitMembers(2);
                await("the first one revokes what moves").atMost(LIMIT).until(CommitRulesIT::isRevoking);
                inFlight.release();
                // No record until the follow-up rebalance is over: its next generation can overtake a commit, too.
                await().atMost(LIMIT)
                        .until(() -> first.status().partitions().size() == 2
                                && second.status().partitions().size() == 2);
                job.send(50, 5);
                job.awaitCommitted();

                // Then
                assertThat(first.rollBacks()).isZero();
                assertThat(second.rollBacks()).isZero();
            }
        }
        job.verifyExactlyOnce();
    }

    /** Whatever a loop had in flight when it lost a partition, it never overwrites the new owner's commit. */
    @ParameterizedTest
    @Tag("rule-C2")
    @Tag("rule-C20")
    @EnumSource(Guarantee.class)
    void shouldNotCommitWhatWasInFlightWhenThePartitionWasLostAndRegained(Guarantee guarantee) {
        // Given
        TestJob job = new TestJob(broker, directory, 1)
                .set("kafka.session.timeout.ms", "2500")
                .set("kafka.max.poll.interval.ms", "2500");
        guarantee.applyTo(job);
        job.send(20, 5);
        try (EmbeddedWorker first = job.start("worker-1")) {
            job.awaitCommitted();
            // A member that does not poll for so long is as good as gone, and static ones go with their session.
            StepGate.Hold inFlight = first.gate().holdAt(METADATA_WRITTEN);
            StepGate.Hold loop = first.gate().holdBeforeRecord("7");
            job.send(20, 5);
            inFlight.awaitHeld();
            long lost = first.gate().last(METADATA_WRITTEN).number();
            job.sendValue("p0-k0", "7");
            loop.awaitHeld();

            // When
            CheckpointId newOwners;
            try (EmbeddedWorker second = job.start("worker-2")) {
                second.awaitRunning(0);
                job.send(20, 5);
                job.awaitCommitted();
                newOwners = job.named(0);
            }
            loop.release();
            first.awaitRollBacks(1);
            first.awaitRunning(0);
            inFlight.release();
            job.send(20, 5);
            job.awaitCommitted();

            // Then
            assertThat(first.gate().history())
                    .doesNotContain(new StepGate.Event(OFFSETS_SENT, 0, lost), new StepGate.Event(COMMITTED, 0, lost));
            assertThat(job.named(0).number()).isGreaterThan(newOwners.number());
            assertThat(job.namedCheckpoint(0).positions().get(0).offset()).isEqualTo(job.sent());
        }
        guarantee.verify(job);
    }

    @Test
    @Tag("rule-C3")
    void shouldKeepOrderOfAKeyAcrossTwoEpochs() {
        // Given: what is sent waits long for company, unless a batch is full.
        TestJob job =
                new TestJob(broker, directory, 1).set("kafka.linger.ms", "4000").set("kafka.batch.size", "2048");
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            for (int round = 0; round < 3; round++) {
                StepGate.Hold uploaded = worker.gate().holdAt(METADATA_WRITTEN);
                job.send(2, 1);
                uploaded.awaitHeld();

                // When: the next epoch fills batches, which leave at once.
                long before = worker.status().records();
                job.send(300, 1);
                worker.awaitProcessed(before + 300);
                uploaded.release();
                job.awaitCommitted();
            }
        }

        // Then
        job.verifyExactlyOnce();
    }

    /** By many small epochs instead of steered ones. */
    @Test
    @Tag("rule-C3")
    void shouldKeepOrderOfAKeyAcrossManyEpochs() {
        // Given
        TestJob job = new TestJob(broker, directory, 2).set("execution.checkpointing.interval", "20ms");
        try (EmbeddedWorker worker = job.start("worker-1")) {
            // When
            for (int i = 0; i < 40; i++) {
                job.send(50, 3);
            }
            job.awaitCommitted();

            // Then
            assertThat(worker.gate().count(COMMITTED)).isGreaterThan(10);
        }
        job.verifyExactlyOnce();
    }

    /** While the outcome of one checkpoint is open, the next one is not even begun. */
    @Test
    @Tag("rule-C4")
    void shouldNotSendNextCheckpointBeforeOutcomeOfOneIsKnown() {
        // Given
        TestJob job = new TestJob(broker, directory, 1);
        job.send(20, 5);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.awaitCommitted();
            StepGate.Hold commit = worker.gate().holdAt(COMMITTED);
            long before = worker.status().records();
            job.send(20, 5);
            commit.awaitHeld();
            long sent = worker.gate().count(OFFSETS_SENT);
            long frozen = worker.gate().count(FROZEN);

            // When: the next epoch has records, and several intervals pass.
            job.send(20, 5);
            worker.awaitProcessed(before + 40);
            await().during(A_WHILE)
                    .atMost(LIMIT)
                    .until(() -> worker.gate().count(OFFSETS_SENT) == sent
                            && worker.gate().count(FROZEN) == frozen);
            commit.release();
            job.awaitCommitted();
        }

        // Then
        job.verifyExactlyOnce();
    }

    /** A checkpoint that was aborted takes the epoch after it along. */
    @Test
    @Tag("rule-C4")
    void shouldAbortNextEpochWhenOneIsAborted() {
        // Given
        TestJob job = new TestJob(broker, directory, 1);
        job.send(20, 5);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.awaitCommitted();
            StepGate.Hold uploaded = worker.gate().holdAt(METADATA_WRITTEN);
            StepGate.Hold sent = worker.gate().holdAt(OFFSETS_SENT);
            job.send(20, 5);
            uploaded.awaitHeld();
            long aborted = worker.gate().last(METADATA_WRITTEN).number();
            long before = worker.status().records();
            job.send(20, 5);
            worker.awaitProcessed(before + 20);
            uploaded.release();
            sent.awaitHeld();

            // When
            List<String> pending = job.transactionalIds("worker-1").stream()
                    .filter(id -> job.holdsOffsets(id))
                    .toList();
            assertThat(pending).hasSize(1);
            job.fence(pending);
            sent.release();
            job.awaitCommitted();

            // Then
            assertThat(worker.rollBacks()).isEqualTo(1);
            assertThat(worker.gate().history()).doesNotContain(new StepGate.Event(COMMITTED, 0, aborted));
        }
        job.verifyExactlyOnce();
    }

    /** A worker whose producers were fenced, at whatever step, opens new ones and goes back. */
    @ParameterizedTest
    @Tag("rule-C6")
    @EnumSource(
            value = CheckpointStep.class,
            names = {"FROZEN", "METADATA_WRITTEN", "OFFSETS_SENT", "INGESTED"})
    void shouldRollBackAndGoOnWhenItsProducersAreFenced(CheckpointStep step) {
        // Given
        TestJob job = new TestJob(broker, directory, 1);
        job.send(20, 5);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.awaitCommitted();
            StepGate.Hold held = worker.gate().holdAt(step);
            job.send(20, 5);
            held.awaitHeld();

            // When
            job.fence(job.transactionalIds("worker-1"));
            held.release();
            job.send(20, 5);
            job.awaitCommitted();

            // Then
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
            assertThat(worker.rollBacks()).isPositive();
        }
        job.verifyExactlyOnce();
    }

    /** Of two workers with one name, one stops and says so. */
    @Test
    @Tag("rule-C6")
    void shouldStopWhenAnotherWorkerHasTheSameName() {
        // Given
        TestJob job = new TestJob(broker, directory, 1);
        job.send(20, 5);
        try (EmbeddedWorker first = job.start("worker-1")) {
            job.awaitCommitted();

            // When
            try (EmbeddedWorker twin = job.start("worker-1")) {
                job.send(20, 5);
                Throwable why = first.awaitFailure();
                twin.awaitRunning(0);
                job.send(20, 5);
                job.awaitCommitted();

                // Then
                assertThat(why)
                        .isInstanceOf(StopWorkerException.class)
                        .hasMessageContaining("another worker has the same name 'worker-1'")
                        .hasMessageContaining("cairn.instance");
                assertThat(twin.state()).isEqualTo(WorkerState.RUNNING);
            }
        }
        job.verifyExactlyOnce();
    }

    /** Neither the frozen nor the current epoch leaves anything behind, whatever was read in between. */
    @ParameterizedTest
    @Tag("rule-C7")
    @Tag("rule-C10")
    @CsvSource({"METADATA_WRITTEN, 0, rocksdb", "OFFSETS_SENT, 1mb, rocksdb", "OFFSETS_SENT, 0, hashmap"})
    void shouldGoBackToStateOfLastCommit(CheckpointStep step, String inlineThreshold, String backend) {
        // Given
        TestJob job = new TestJob(broker, directory, 1)
                .set("state.backend.fs.memory-threshold", inlineThreshold)
                .set("state.backend", backend);
        job.send(40, 20);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.awaitCommitted();
            for (int round = 0; round < 4; round++) {
                StepGate.Hold uploaded = worker.gate().holdAt(METADATA_WRITTEN);
                StepGate.Hold held = worker.gate().holdAt(step);
                // Some keys in the frozen epoch only, some in both, some in the current one only, some in none.
                job.sendTo(0, 10, 5 + round);
                uploaded.awaitHeld();
                long before = worker.status().records();
                job.sendTo(0, 16, 8 + round);
                worker.awaitProcessed(before + 16);
                uploaded.release();
                held.awaitHeld();

                // When
                job.fence(job.transactionalIds("worker-1"));
                held.release();
                worker.awaitRollBacks(round + 1);
                job.sendTo(0, 20, 20);
                job.awaitCommitted();
            }

            // Then
            assertThat(job.committed(0).offset()).isEqualTo(job.sent());
            assertThat(worker.gate().count(INGESTED)).isEqualTo(worker.gate().count(COMMITTED));
        }
        job.verifyExactlyOnce();
    }

    @Test
    @Tag("rule-C21")
    void shouldCommitPositionsBehindAbortedRecords() {
        // Given
        TestJob job = new TestJob(broker, directory, 1);
        job.send(20, 5);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.awaitCommitted();

            // When: nothing but an aborted transaction follows
            job.abort(0, 5);
            job.awaitCommitted();

            // Then: five records and the marker
            assertThat(job.committed(0).offset()).isEqualTo(job.end(0)).isEqualTo(job.sent() + 6);
            assertThat(job.namedCheckpoint(0).positions().get(0).offset()).isEqualTo(job.end(0));
            assertThat(worker.status().records()).isEqualTo(job.sent());
        }
        job.verifyExactlyOnce();
    }

    /** What a job promises, and how it is checked. */
    enum Guarantee {
        EXACTLY_ONCE {
            @Override
            void verify(TestJob job) {
                job.verifyExactlyOnce();
            }
        },
        AT_LEAST_ONCE {
            @Override
            void verify(TestJob job) {
                job.verifyAtLeastOnce();
            }
        };

        void applyTo(TestJob job) {
            job.set("execution.checkpointing.mode", name());
        }

        abstract void verify(TestJob job);
    }

    private static boolean isRevoking() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getMethodName().equals("onPartitionsRevoked")
                        && frame.getClassName().startsWith(Loop.class.getPackageName()));
    }
}
