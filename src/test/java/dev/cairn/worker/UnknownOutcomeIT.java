package dev.cairn.worker;

import static dev.cairn.checkpoint.write.CheckpointStep.COMMITTED;
import static dev.cairn.checkpoint.write.CheckpointStep.OFFSETS_SENT;
import static org.apache.kafka.clients.admin.TransactionState.ONGOING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.testkit.LogLines;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.StoppableBroker;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.output.TransactionalProducer;
import dev.cairn.worker.status.WorkerState;

/** Commits without an answer, and transactions that the broker ends by itself. */
class UnknownOutcomeIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    /** What became of the request to commit that no one answered. */
    enum Request {
        ARRIVED {
            @Override
            void bringBack(StoppableBroker broker) {
                broker.resume();
            }
        },
        LOST {
            @Override
            void bringBack(StoppableBroker broker) {
                broker.kill();
                broker.start();
            }
        };

        abstract void bringBack(StoppableBroker broker);
    }

    @ParameterizedTest
    @Tag("rule-C5")
    @EnumSource(Request.class)
    void shouldLearnTheOutcomeOfACommitThatWasNotAnswered(Request request) {
        try (StoppableBroker broker = Brokers.own(directory.resolve("broker"));
                LogLines lines = new LogLines(TransactionalProducer.class)) {
            // Given
            TestJob job = new TestJob(broker, directory, 1)
                    .set("kafka.request.timeout.ms", "2000")
                    .set("kafka.max.block.ms", "4000")
                    .set("kafka.delivery.timeout.ms", "4000")
                    .set("kafka.session.timeout.ms", "60000");
            job.send(20, 5);
            try (EmbeddedWorker worker = job.start("worker-1")) {
                job.awaitCommitted();
                StepGate.Hold sent = worker.gate().holdAt(OFFSETS_SENT);
                job.send(20, 5);
                sent.awaitHeld();
                StepGate.Event unknown = worker.gate().last(OFFSETS_SENT);

                // When
                broker.pause();
                sent.release();
                lines.await("attempt 3 of 3");
                request.bringBack(broker);
                job.send(20, 5);
                job.awaitCommitted();

                // Then
                StepGate.Event committed = new StepGate.Event(COMMITTED, 0, unknown.number());
                if (request == Request.ARRIVED) {
                    assertThat(worker.gate().history()).contains(committed);
                } else {
                    assertThat(worker.gate().history()).doesNotContain(committed);
                    assertThat(worker.rollBacks()).isPositive();
                }
                assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
            }
            job.verifyExactlyOnce();
        }
    }

    /** A transaction lasts as long as two time-outs, an interval and half a minute; then the broker aborts it. */
    @Test
    @Tag("rule-C5")
    @Tag("rule-S2")
    void shouldReplayWhenTheTransactionTimedOut() {
        // Given
        TestJob job = new TestJob(Brokers.shared(), directory, 1)
                .set("execution.checkpointing.timeout", "2s")
                .set("execution.checkpointing.tolerable-failed-checkpoints", "1000");
        job.send(20, 5);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.awaitCommitted();
            StepGate.Hold sent = worker.gate().holdAt(OFFSETS_SENT);
            job.send(20, 5);
            sent.awaitHeld();
            String id = job.transactionalIds("worker-1").stream()
                    .filter(job::holdsOffsets)
                    .findFirst()
                    .orElseThrow();

            // When
            await().atMost(LIMIT).until(() -> job.transaction(id).state() != ONGOING);
            sent.release();
            job.send(20, 5);
            job.awaitCommitted();

            // Then
            assertThat(worker.rollBacks()).isPositive();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
        }
        job.verifyExactlyOnce();
    }
}
