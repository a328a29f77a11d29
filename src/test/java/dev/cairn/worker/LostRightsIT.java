package dev.cairn.worker;

import static org.apache.kafka.clients.admin.TransactionState.ONGOING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.settings.CheckpointMode;
import dev.cairn.settings.ErrorPolicy;
import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.AuthorizingBroker;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerState;

/** A worker whose rights or topics are taken away ends, and says what it lacks; a moment without them does no harm. */
class LostRightsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int BEFORE = 20;
    private static final int AFTER = 9;

    private static AuthorizingBroker broker;

    @TempDir
    static Path brokerDirectory;

    @TempDir
    Path directory;

    /** What is taken away. */
    enum Lost {
        OUTPUT_TOPIC {
            @Override
            void take(TestJob job) {
                Answers.of(broker.admin().deleteTopics(List.of(job.output())).all());
            }

            @Override
            void check(Throwable failure, TestJob job) {
                assertThat(failure)
                        .hasMessageContaining("the topic " + job.output() + " does not exist")
                        .hasMessageContaining("cairn.output.topic");
            }
        },
        WRITE_TO_OUTPUT {
            @Override
            void take(TestJob job) {
                broker.deny(ResourceType.TOPIC, job.output(), AclOperation.WRITE);
            }

            @Override
            void check(Throwable failure, TestJob job) {
                assertThat(failure)
                        .hasMessageContaining("topic " + job.output())
                        .hasMessageContaining("WRITE");
            }
        },
        READ_OF_GROUP {
            @Override
            void take(TestJob job) {
                broker.deny(ResourceType.GROUP, job.name(), AclOperation.READ);
            }

            @Override
            void check(Throwable failure, TestJob job) {
                assertThat(failure).hasMessageContaining("group " + job.name()).hasMessageContaining("READ");
            }
        },
        DEAD_LETTER_TOPIC {
            @Override
            boolean isNeeded(CheckpointMode mode, ErrorPolicy policy) {
                return policy == ErrorPolicy.DEAD_LETTER;
            }

            @Override
            void take(TestJob job) {
                Answers.of(
                        broker.admin().deleteTopics(List.of(deadLetters(job))).all());
                Topics.send(broker, List.of(Topics.record(job.input(), "poison", "no number")));
            }

            @Override
            void check(Throwable failure, TestJob job) {
                assertThat(failure)
                        .hasMessageContaining("the topic " + deadLetters(job) + " does not exist")
                        .hasMessageContaining("cairn.dead-letter.topic");
            }
        },
        READ_OF_INPUT {
            @Override
            void take(TestJob job) {
                broker.deny(ResourceType.TOPIC, job.input(), AclOperation.READ);
            }

            @Override
            void check(Throwable failure, TestJob job) {
                assertThat(failure).hasMessageContaining("topic " + job.input()).hasMessageContaining("READ");
            }
        },
        WRITE_TO_DEAD_LETTERS {
            @Override
            boolean isNeeded(CheckpointMode mode, ErrorPolicy policy) {
                return policy == ErrorPolicy.DEAD_LETTER;
            }

            @Override
            void take(TestJob job) {
                broker.deny(ResourceType.TOPIC, deadLetters(job), AclOperation.WRITE);
                Topics.send(broker, List.of(Topics.record(job.input(), "poison", "no number")));
            }

            @Override
            void check(Throwable failure, TestJob job) {
                assertThat(failure)
                        .hasMessageContaining("topic " + deadLetters(job))
                        .hasMessageContaining("WRITE");
            }
        },
        WRITE_TO_TRANSACTIONAL_ID {
            @Override
            boolean isNeeded(CheckpointMode mode, ErrorPolicy policy) {
                return mode == CheckpointMode.EXACTLY_ONCE;
            }

            @Override
            void take(TestJob job) {
                job.transactionalIdsInUse("worker-1")
                        .forEach(id -> broker.deny(ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE));
            }

            @Override
            void check(Throwable failure, TestJob job) {
                assertThat(failure)
                        .hasMessageContaining("transactional id")
                        .hasMessageContaining(job.name() + "/cairn/")
                        .hasMessageContaining("WRITE");
            }
        };

        /** Whether a job of this kind does not get on without it. */
        boolean isNeeded(CheckpointMode mode, ErrorPolicy policy) {
            return true;
        }

        abstract void take(TestJob job);

        abstract void check(Throwable failure, TestJob job);
    }

    @BeforeAll
    static void start() {
        broker = AuthorizingBroker.start(brokerDirectory.resolve("broker"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** All modes and policies at the same time: each spends most of its time waiting. */
    @ParameterizedTest
    @Tag("rule-C16")
    @EnumSource(Lost.class)
    void shouldStopAndSayWhatIsMissing(Lost lost) {
        // Given
        Map<TestJob, EmbeddedWorker> workers = new LinkedHashMap<>();
        try {
            for (CheckpointMode mode : CheckpointMode.values()) {
                for (ErrorPolicy policy : ErrorPolicy.values()) {
                    if (lost.isNeeded(mode, policy)) {
                        TestJob job = job(mode, policy);
                        job.send(BEFORE, 5);
                        workers.put(job, job.start("worker-1"));
                    }
                }
            }
            workers.keySet().forEach(TestJob::awaitCommitted);

            // When
            long taken = System.nanoTime();
            workers.keySet().forEach(job -> {
                lost.take(job);
                job.send(AFTER, 3);
            });

            // Then
            workers.forEach((job, worker) -> {
                await(lost + " ends " + job.name())
                        .atMost(LIMIT.minusNanos(System.nanoTime() - taken))
                        .until(() -> worker.state() == WorkerState.FAILED);
                Throwable failure = worker.awaitFailure();
                assertThat(failure).isInstanceOf(StopWorkerException.class);
                lost.check(failure, job);
                assertThat(job.committed(0).offset()).isEqualTo(BEFORE);
                if (lost != Lost.OUTPUT_TOPIC) {
                    // No flood, in any mode.
                    assertThat(Readers.readUncommitted(broker, job.output()).size())
                            .isLessThanOrEqualTo(BEFORE + 4 * AFTER);
                }
            });
        } finally {
            workers.values().forEach(EmbeddedWorker::close);
        }
        if (lost != Lost.WRITE_TO_TRANSACTIONAL_ID) {
            // That one is aborted by the broker, after its time-out.
            workers.keySet().forEach(job -> job.transactionalIdsInUse("worker-1")
                    .forEach(id -> assertThat(job.transaction(id).state()).isNotEqualTo(ONGOING)));
        }
    }

    @Test
    void shouldContinueWhenARightIsGivenBackAfterAMoment() {
        // Given
        TestJob job = job(CheckpointMode.EXACTLY_ONCE, ErrorPolicy.FAIL);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.send(BEFORE, 5);
            job.awaitCommitted();

            // When
            broker.deny(ResourceType.TOPIC, job.output(), AclOperation.WRITE);
            job.send(AFTER, 3);
            worker.awaitRollBacks(1);
            broker.allowAgain(ResourceType.TOPIC, job.output(), AclOperation.WRITE);

            // Then
            job.awaitCommitted();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
        }
        job.verifyExactlyOnce();
    }

    @Test
    void shouldContinueWhenItMayReadTheInputAgainAfterAMoment() {
        // Given
        TestJob job = job(CheckpointMode.EXACTLY_ONCE, ErrorPolicy.FAIL);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.send(BEFORE, 5);
            job.awaitCommitted();

            // When
            broker.deny(ResourceType.TOPIC, job.input(), AclOperation.READ);
            worker.awaitRollBacks(1);
            broker.allowAgain(ResourceType.TOPIC, job.input(), AclOperation.READ);
            job.send(AFTER, 3);

            // Then
            job.awaitCommitted();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
        }
        job.verifyExactlyOnce();
    }

    /** Between the offsets and the commit, so that asking again for the outcome is refused as well. */
    @Test
    @Tag("rule-C8")
    void shouldStopWhenItsTransactionIsRefusedInTheMiddleOfACommit() {
        // Given
        TestJob job = job(CheckpointMode.EXACTLY_ONCE, ErrorPolicy.FAIL);
        job.send(BEFORE, 5);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            job.awaitCommitted();
            StepGate.Hold sent = worker.gate().holdAt(CheckpointStep.OFFSETS_SENT);
            job.send(AFTER, 3);
            sent.awaitHeld();

            // When
            job.transactionalIds("worker-1")
                    .forEach(id -> broker.deny(ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE));
            sent.release();

            // Then
            await().atMost(LIMIT).until(() -> worker.state() == WorkerState.FAILED);
            assertThat(worker.awaitFailure()).isInstanceOf(StopWorkerException.class);
            Lost.WRITE_TO_TRANSACTIONAL_ID.check(worker.awaitFailure(), job);
        }

        // When
        job.transactionalIds("worker-1")
                .forEach(id -> broker.allowAgain(ResourceType.TRANSACTIONAL_ID, id, AclOperation.WRITE));
        try (EmbeddedWorker worker = job.start("worker-1").awaitRunning(0)) {
            job.awaitCommitted();
            assertThat(worker.state()).isEqualTo(WorkerState.RUNNING);
        }

        // Then
        job.verifyExactlyOnce();
    }

    private TestJob job(CheckpointMode mode, ErrorPolicy policy) {
        TestJob job = new TestJob(broker, directory.resolve(mode + "-" + policy), 1)
                .set("execution.checkpointing.mode", mode.name())
                .set(
                        "cairn.errors",
                        policy.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'));
        broker.userSettings().forEach(job::set);
        if (policy == ErrorPolicy.DEAD_LETTER) {
            broker.createTopic(deadLetters(job), 1);
            job.set("cairn.dead-letter.topic", deadLetters(job));
        }
        return job;
    }

    private static String deadLetters(TestJob job) {
        return job.name() + "-dead";
    }
}
