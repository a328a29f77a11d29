package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.Map;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.checkpoint.write.FrozenPartition;
import dev.cairn.checkpoint.write.PreparedCheckpoint;
import dev.cairn.state.LocalStateException;
import dev.cairn.worker.status.CheckpointReport;

/**
 * One partition's part of a checkpoint in flight. The thread that writes it and the loop that gives it up may meet at any
 * moment: the monitor decides which of them discards what was written, so that it happens once. It never covers I/O.
 */
class CheckpointPart {

    private final RunningPartition partition;
    private final FrozenPartition frozen;

    /** Writes it at the moment; {@code null} before and after. */
    private Thread writer;

    private boolean givenUp;
    private volatile PreparedCheckpoint prepared;
    private volatile long ingestNanos;

    /** Ends the epoch of a partition. */
    static CheckpointPart freeze(RunningPartition partition, CheckpointObserver observer) {
        FrozenPartition frozen = partition.freeze();
        observer.reached(
                CheckpointStep.FROZEN,
                partition.partition(),
                partition.checkpoints().nextNumber());
        return new CheckpointPart(partition, frozen);
    }

    CheckpointPart(RunningPartition partition, FrozenPartition frozen) {
        this.partition = partition;
        this.frozen = frozen;
    }

    RunningPartition partition() {
        return partition;
    }

    FrozenPartition frozen() {
        return frozen;
    }

    /** What was written; {@code null} until then. */
    PreparedCheckpoint prepared() {
        return prepared;
    }

    CheckpointId id() {
        return prepared.metadata().id();
    }

    /** What the group records of it. */
    Map<TopicPartition, OffsetAndMetadata> offsets() {
        return partition.offsets(frozen.positions(), id());
    }

    /**
     * Writes it: afterwards it is whole in the store.
     *
     * @return whether it counts; {@code false} where it has been given up meanwhile
     * @throws dev.cairn.storage.StorageException when the store fails
     */
    boolean write() {
        if (!begin()) {
            return false;
        }
        PreparedCheckpoint written = null;
        try {
            written = prepare();
        } finally {
            end(written);
        }
        return !isGivenUp();
    }

    private synchronized boolean begin() {
        if (givenUp) {
            return false;
        }
        writer = Thread.currentThread();
        return true;
    }

    private synchronized void end(PreparedCheckpoint written) {
        writer = null;
        // An interrupt was meant for the writing, not for what this thread does next.
        Thread.interrupted();
        prepared = written;
        if (givenUp) {
            discard();
        }
        notifyAll();
    }

    private synchronized boolean isGivenUp() {
        return givenUp;
    }

    /** It will not be committed. From any thread; interrupts the one that is writing it. */
    synchronized void giveUp() {
        if (givenUp) {
            return;
        }
        givenUp = true;
        if (writer == null) {
            discard();
        } else {
            writer.interrupt();
        }
    }

    private void discard() {
        if (prepared != null) {
            discard(prepared);
        }
    }

    /** Writes it; blocks, and ends early when its thread is interrupted. */
    PreparedCheckpoint prepare() {
        return partition.checkpoints().prepare(frozen);
    }

    /** It was written, and will never be committed. */
    void discard(PreparedCheckpoint written) {
        partition.checkpoints().abandon(written);
    }

    /**
     * Waits until no thread is writing it.
     *
     * @param deadlineNanos by {@link System#nanoTime}
     * @return whether none is
     */
    synchronized boolean awaitRest(long deadlineNanos) {
        try {
            while (writer != null) {
                long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                wait(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return writer == null;
    }

    /** It is committed: ingests it into the database. @throws dev.cairn.state.LocalStateException to be called again */
    void ingest() {
        long began = System.nanoTime();
        if (partition.checkpoints().takeIn(prepared)) {
            partition.committing(false);
            ingestNanos = System.nanoTime() - began;
        }
    }

    /** It is committed, but the database cannot ingest it: the partition is restored from the store. */
    void leaveOut(LocalStateException cause) {
        partition.checkpoints().leaveOut(prepared, cause);
    }

    void reached(CheckpointStep step, CheckpointObserver observer) {
        observer.reached(step, partition.partition(), prepared.metadata().number());
    }

    /** Its share of the report. */
    CheckpointReport.Part report() {
        Duration freeze = Duration.ofNanos(frozen.freezeNanos());
        PreparedCheckpoint written = prepared;
        if (written == null) {
            return new CheckpointReport.Part(
                    partition.partition(),
                    0,
                    "",
                    "",
                    0,
                    0,
                    freeze,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO);
        }
        CheckpointMetadata metadata = written.metadata();
        return new CheckpointReport.Part(
                partition.partition(),
                metadata.number(),
                metadata.uid(),
                written.location(),
                metadata.deltaBytes(),
                metadata.fullBytes(),
                freeze,
                written.sort(),
                written.write(),
                written.upload(),
                Duration.ofNanos(ingestNanos));
    }
}
