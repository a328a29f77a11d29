package dev.cairn.worker.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.checkpoint.write.FrozenPartition;
import dev.cairn.checkpoint.write.PreparedCheckpoint;
import dev.cairn.state.KeyedState;
import dev.cairn.state.LocalStateException;
import dev.cairn.state.StateMemory;
import dev.cairn.storage.StorageException;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.loop.CheckpointInFlight.Phase;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.start.StartedPartition;
import dev.cairn.worker.status.CheckpointReport;

/** What a checkpoint becomes when several threads end its parts, interrupt it or give it up at the same moment. */
class CheckpointInFlightTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int ROUNDS = 500;
    private static final PreparedCheckpoint WRITTEN =
            new PreparedCheckpoint(null, "", null, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private final ExecutorService io = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        io.shutdownNow();
    }

    @Test
    @Tag("rule-C11")
    void shouldBecomePreparedOnceWhenTwoPartsEndTogether() {
        for (int round = 0; round < ROUNDS; round++) {
            // Given
            CyclicBarrier together = new CyclicBarrier(2);
            AtomicInteger ended = new AtomicInteger();
            Supplier<PreparedCheckpoint> write = () -> {
                arrive(together);
                return WRITTEN;
            };
            Commit commit = new Commit(() -> Outputs.Outcome.COMMITTED);
            CheckpointInFlight checkpoint = checkpoint(commit, new Part(write), new Part(write));
            ExecutorService counting = io;

            // When: the loop sends the offsets as soon as it may
            checkpoint.prepare(task -> counting.execute(() -> {
                task.run();
                ended.incrementAndGet();
            }));
            while (checkpoint.phase() != Phase.PREPARED) {
                Thread.onSpinWait();
            }
            checkpoint.sendOffsets(null);
            while (ended.get() < 2) {
                Thread.onSpinWait();
            }

            // Then
            assertThat(checkpoint.phase()).isEqualTo(Phase.COMMITTING);
            assertThat(commit.sent.get()).isEqualTo(1);
        }
    }

    @Test
    @Tag("rule-C11")
    void shouldFailAtOnceWhenOnePartFails() {
        // Given
        CountDownLatch release = new CountDownLatch(1);
        Part slow = new Part(() -> {
            awaitUninterruptibly(release);
            return WRITTEN;
        });
        Part failing = new Part(() -> {
            throw new StorageException("no space");
        });
        CheckpointInFlight checkpoint = checkpoint(new Commit(() -> Outputs.Outcome.COMMITTED), slow, failing);

        // When
        checkpoint.prepare(io);

        // Then
        await().atMost(LIMIT).until(() -> checkpoint.phase() == Phase.FAILED);
        assertThat(checkpoint.reason()).isEqualTo("no space");
        release.countDown();
        checkpoint.abandon(LIMIT);
        assertThat(slow.discarded.get()).isEqualTo(1);
    }

    @Test
    @Tag("rule-C18")
    void shouldDiscardOnceWhatEndsWhileItIsGivenUp() {
        for (int round = 0; round < ROUNDS; round++) {
            // Given
            CyclicBarrier together = new CyclicBarrier(2);
            Part part = new Part(() -> {
                arrive(together);
                return WRITTEN;
            });
            CheckpointInFlight checkpoint = checkpoint(new Commit(() -> Outputs.Outcome.COMMITTED), part);
            checkpoint.prepare(io);

            // When
            arrive(together);
            checkpoint.abandon(LIMIT);

            // Then
            assertThat(checkpoint.phase()).isEqualTo(Phase.ABANDONED);
            assertThat(part.discarded.get()).isEqualTo(1);
        }
    }

    @Test
    @Tag("rule-C18")
    void shouldNotWaitForAPartThatDoesNotReturn() {
        // Given
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Part hanging = new Part(() -> {
            begun.countDown();
            awaitUninterruptibly(release);
            return WRITTEN;
        });
        CheckpointInFlight checkpoint = checkpoint(new Commit(() -> Outputs.Outcome.COMMITTED), hanging);
        checkpoint.prepare(io);
        awaitUninterruptibly(begun);

        // When
        long began = System.nanoTime();
        checkpoint.abandon(Duration.ofMillis(100));

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        assertThat(hanging.discarded.get()).isZero();
        release.countDown();
        await("what it has written is discarded").atMost(LIMIT).until(() -> hanging.discarded.get() == 1);
        assertThat(checkpoint.phase()).isEqualTo(Phase.ABANDONED);
    }

    @Test
    @Tag("rule-C18")
    void shouldNotBeginAPartThatWasGivenUpBefore() {
        // Given
        AtomicInteger writes = new AtomicInteger();
        Part part = new Part(() -> {
            writes.incrementAndGet();
            return WRITTEN;
        });
        CheckpointInFlight checkpoint = checkpoint(new Commit(() -> Outputs.Outcome.COMMITTED), part);
        Runnable[] queued = new Runnable[1];
        checkpoint.prepare(task -> queued[0] = task);

        // When
        checkpoint.abandon(Duration.ZERO);
        queued[0].run();

        // Then
        assertThat(writes.get()).isZero();
        assertThat(checkpoint.phase()).isEqualTo(Phase.ABANDONED);
    }

    /** It may have arrived at the broker: nothing of it is discarded, and it cannot be given up. */
    @Test
    @Tag("rule-C8")
    void shouldBeUnknownWhenItsCommitIsInterrupted() {
        // Given
        CountDownLatch asked = new CountDownLatch(1);
        Part part = new Part(() -> WRITTEN);
        CheckpointInFlight checkpoint = checkpoint(
                new Commit(() -> {
                    asked.countDown();
                    try {
                        new CountDownLatch(1).await();
                        return Outputs.Outcome.COMMITTED;
                    } catch (InterruptedException e) {
                        throw new InterruptException(e);
                    }
                }),
                part);
        commit(checkpoint);
        awaitUninterruptibly(asked);

        // When
        checkpoint.interruptCommit();

        // Then
        await().atMost(LIMIT).until(() -> checkpoint.phase() == Phase.UNKNOWN);
        assertThat(checkpoint.reason()).isEqualTo("the worker was interrupted");
        assertThatIllegalStateException().isThrownBy(() -> checkpoint.abandon(Duration.ZERO));
        assertThat(part.discarded.get()).isZero();
    }

    /** Its offsets were sent, and the producer may yet commit them: a worker that ends does not wait for ever. */
    @Test
    @Tag("rule-C8")
    void shouldBeUnknownWhenItsCommitIsInterruptedBeforeItBegins() {
        // Given
        CheckpointInFlight checkpoint =
                checkpoint(new Commit(() -> Outputs.Outcome.COMMITTED), new Part(() -> WRITTEN));
        Runnable[] queued = new Runnable[1];
        checkpoint.prepare(Runnable::run);
        checkpoint.sendOffsets(null);
        checkpoint.commit(null, task -> queued[0] = task);

        // When
        checkpoint.interruptCommit();
        queued[0].run();

        // Then
        assertThat(checkpoint.phase()).isEqualTo(Phase.UNKNOWN);
    }

    @Test
    @Tag("rule-C8")
    void shouldBeUnknownWhenItsCommitFailsUnexpectedly() {
        // Given
        CheckpointInFlight checkpoint = checkpoint(
                new Commit(() -> {
                    throw new IllegalStateException("unexpected");
                }),
                new Part(() -> WRITTEN));

        // When
        commit(checkpoint);

        // Then
        await().atMost(LIMIT).until(() -> checkpoint.phase() == Phase.UNKNOWN);
        assertThat(checkpoint.reason()).isEqualTo("unexpected");
    }

    @Test
    @Tag("rule-C9")
    void shouldBeStrandedWhenItIsInterruptedAfterTheCommit() {
        // Given
        CountDownLatch tried = new CountDownLatch(1);
        Part part = new Part(() -> WRITTEN) {
            @Override
            void ingest() {
                tried.countDown();
                throw new LocalStateException("the disk is busy", null);
            }
        };
        CheckpointInFlight checkpoint = checkpoint(new Commit(() -> Outputs.Outcome.COMMITTED), part);
        commit(checkpoint);
        awaitUninterruptibly(tried);

        // When: it waits to try again
        checkpoint.interruptCommit();

        // Then
        await().atMost(LIMIT).until(() -> checkpoint.phase() == Phase.STRANDED);
        assertThat(part.discarded.get()).isZero();
    }

    private void commit(CheckpointInFlight checkpoint) {
        checkpoint.prepare(Runnable::run);
        checkpoint.sendOffsets(null);
        checkpoint.commit(null, io);
    }

    private static CheckpointInFlight checkpoint(Outputs.Frozen outputs, CheckpointPart... parts) {
        return new CheckpointInFlight(
                CheckpointReport.Trigger.INTERVAL,
                List.of(parts),
                outputs,
                CheckpointObserver.NONE,
                Duration.ZERO,
                Duration.ofMinutes(5));
    }

    private static void arrive(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A part without a partition: writes what it is given. */
    private static class Part extends CheckpointPart {

        private final Supplier<PreparedCheckpoint> write;
        private final AtomicInteger discarded = new AtomicInteger();

        Part(Supplier<PreparedCheckpoint> write) {
            super(running(), new FrozenPartition(List.of(), List.of(), List.of(), 0));
            this.write = write;
        }

        /** It runs without a database. */
        private static RunningPartition running() {
            Restored restored =
                    new Restored(null, null, Optional.empty(), Restored.Source.EMPTY, 0, Optional.empty(), null);
            return new PartitionTask(0, List.of(new TopicPartition("in", 0)), false)
                    .run(
                            new StartedPartition.Opened(
                                    new StartedPartition.Ready(
                                            restored,
                                            Map.of("in", 0L),
                                            Map.of("in", new InputTopic("id", 1)),
                                            Optional.empty(),
                                            false),
                                    new KeyedState(null, StateMemory.caching(1, 1), List.of()),
                                    null),
                            null);
        }

        @Override
        PreparedCheckpoint prepare() {
            return write.get();
        }

        @Override
        void discard(PreparedCheckpoint written) {
            discarded.incrementAndGet();
        }

        @Override
        Map<TopicPartition, OffsetAndMetadata> offsets() {
            return Map.of();
        }

        @Override
        void reached(CheckpointStep step, CheckpointObserver observer) {
            // Its number is not known.
        }

        @Override
        void ingest() {
            // There is no database.
        }
    }

    private static final class Commit implements Outputs.Frozen {

        private final Supplier<Outputs.Outcome> outcome;
        private final AtomicInteger sent = new AtomicInteger();

        Commit(Supplier<Outputs.Outcome> outcome) {
            this.outcome = outcome;
        }

        @Override
        public void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, Consumer<?, ?> consumer) {
            sent.incrementAndGet();
        }

        @Override
        public Outputs.Outcome commit() {
            return outcome.get();
        }
    }
}
