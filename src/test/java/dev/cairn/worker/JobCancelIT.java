package dev.cairn.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.job.Group;
import dev.cairn.job.JobException;
import dev.cairn.job.JobOperations;
import dev.cairn.job.JobOperations.Cancelled;
import dev.cairn.settings.Retention;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.testkit.broker.Brokers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.worker.EmbeddedWorker;
import dev.cairn.testkit.worker.TestJob;
import dev.cairn.worker.status.WorkerState;

/** A job is cancelled, and its checkpoints must be deleted. */
class JobCancelIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final TestBroker broker = Brokers.shared();

    @TempDir
    Path directory;

    @Test
    @Tag("rule-T8")
    @Tag("rule-S4")
    void shouldNotStartEmptyWhereItHasNotSeenTheEnd() throws InterruptedException {
        // Given: a worker that has looked, and is slow to join
        TestJob job = job(1).run("worker-1", 2);
        job.sendUnexpected(0, 20);
        long offset = job.committed(0).offset();
        int published = Readers.readCommitted(broker, job.output()).size();
        HeldLook look = new HeldLook();
        try (EmbeddedWorker late = job.worker("late", new StepGate(), look::of)) {
            CompletableFuture<Void> starting = CompletableFuture.runAsync(late::start);
            look.awaitHeld();
            assertThat(cancel(job, LIMIT)).isEqualTo(Cancelled.DELETED);

            // When
            look.release();
            starting.join();

            // Then
            await("the worker sees the end").atMost(LIMIT).until(() -> late.state() == WorkerState.STOPPING);
        }
        assertThat(job.committed(0)).isEqualTo(new OffsetAndMetadata(offset, Optional.empty(), ""));
        assertThat(Readers.readCommitted(broker, job.output()).size()).isEqualTo(published);
        assertThat(job.checkpoints(0)).doesNotExist();
    }

    @Test
    void shouldDeleteAllCheckpointsOnceTheLastWorkerHasLeft() {
        // Given
        TestJob job = job(2);
        try (EmbeddedWorker one = job.start("worker-1");
                EmbeddedWorker other = job.start("worker-2")) {
            job.awaitMembers(2);
            job.send(20, 5);
            job.awaitCommitted();

            // When: no one waits for the end
            end(job);

            // Then
            awaitDeleted(job);
            assertThat(List.of(one.state(), other.state())).containsOnly(WorkerState.STOPPING);
        }
        assertDeleted(job, 2);
        job.verifyExactlyOnce();
    }

    @Test
    void shouldDeleteTheCheckpointsOfAWorkerThatIsGone() {
        // Given: it is a member until its session ends
        TestJob job = job(2);
        try (EmbeddedWorker one = job.start("worker-1")) {
            try (EmbeddedWorker gone = job.start("worker-2")) {
                job.awaitMembers(2);
                job.send(20, 5);
                job.awaitCommitted();
                assertThat(gone.state()).isEqualTo(WorkerState.RUNNING);
            }

            // When
            end(job);

            // Then
            awaitDeleted(job);
            assertThat(one.state()).isEqualTo(WorkerState.STOPPING);
        }
        assertDeleted(job, 2);
    }

    @Test
    void shouldDeleteNothingWhileAWorkerIsLeftAndTheRestWhenCalledAgain() {
        // Given
        TestJob job = job(1);
        try (EmbeddedWorker worker = job.start("worker-1")) {
            worker.awaitRunning(0);
            job.send(20, 5);
            job.awaitCommitted();
        }

        // When: the worker's place in the group is kept for it
        assertThatThrownBy(() -> cancel(job, Duration.ofMillis(100)))
                .isInstanceOf(JobException.class)
                .hasMessageContaining("run the command again");

        // Then
        assertThat(job.checkpoints(0)).isNotEmptyDirectory();
        assertThat(job.committed(0).metadata()).isNotEmpty();

        // When, Then
        job.awaitNoMembers();
        assertThat(cancel(job, LIMIT)).isEqualTo(Cancelled.DELETED);
        assertDeleted(job, 1);
        assertThat(cancel(job, LIMIT)).isEqualTo(Cancelled.DELETED);
    }

    private TestJob job(int partitions) {
        return new TestJob(broker, directory, partitions)
                .set("execution.checkpointing.externalized-checkpoint-retention", "DELETE_ON_CANCELLATION");
    }

    private static void end(TestJob job) {
        try (ObjectStore objects = ObjectStores.open(job.checkpoints().toString())) {
            new JobEnd(JobEnd.Kind.CANCELLED, Instant.now(), null).write(objects, job.name());
        }
    }

    private static Cancelled cancel(TestJob job, Duration limit) {
        try (EmbeddedWorker settings = job.worker("settings");
                Group group = Group.of(
                        job.name(), Optional.of(settings.worker().settings().kafka()));
                ObjectStore objects = ObjectStores.open(job.checkpoints().toString())) {
            return new JobOperations(job.name(), "test", objects, group)
                    .cancel(limit, Retention.DELETE_ON_CANCELLATION);
        }
    }

    private static void awaitDeleted(TestJob job) {
        await("all checkpoints are deleted").atMost(LIMIT).untilAsserted(() -> {
            assertThat(job.checkpoints(0)).doesNotExist();
            assertThat(job.checkpoints(1)).doesNotExist();
        });
    }

    private static void assertDeleted(TestJob job, int partitions) {
        for (int partition = 0; partition < partitions; partition++) {
            assertThat(job.checkpoints(partition)).doesNotExist();
        }
        Map<TopicPartition, OffsetAndMetadata> committed = job.committed();
        assertThat(committed).hasSize(partitions);
        assertThat(committed.values())
                .allSatisfy(offset -> assertThat(offset.metadata()).isEmpty());
    }

    /** Holds the first look for the end of a job after it has found none. */
    private static final class HeldLook {

        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private final AtomicBoolean looked = new AtomicBoolean();

        ObjectStore of(ObjectStore objects) {
            return (ObjectStore) Proxy.newProxyInstance(
                    ObjectStore.class.getClassLoader(),
                    new Class<?>[] {ObjectStore.class},
                    (proxy, method, arguments) -> {
                        try {
                            return method.invoke(objects, arguments);
                        } catch (InvocationTargetException e) {
                            boolean isLook = e.getCause() instanceof ObjectMissingException
                                    && arguments[0].toString().endsWith("/_ended");
                            if (isLook && !looked.getAndSet(true)) {
                                held.countDown();
                                assertThat(released.await(LIMIT.toSeconds(), TimeUnit.SECONDS))
                                        .isTrue();
                            }
                            throw e.getCause();
                        }
                    });
        }

        void awaitHeld() throws InterruptedException {
            assertThat(held.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        void release() {
            released.countDown();
        }
    }
}
