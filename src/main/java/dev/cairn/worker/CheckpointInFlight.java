package dev.cairn.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.CheckpointMetadata;
import dev.cairn.checkpoint.CheckpointObserver;
import dev.cairn.checkpoint.CheckpointStep;
import dev.cairn.checkpoint.FrozenPartition;
import dev.cairn.checkpoint.PreparedCheckpoint;
import dev.cairn.state.LocalStateException;

/**
 * The one checkpoint of a loop that is under way, of all its partitions that have moved.
 *
 * <pre>
 *   PREPARING ──behind──► PREPARED ──loop: sends offsets──► COMMITTING ──behind──► DONE
 *       │                    │                                   │
 *       ▼                    ▼                                   ├──► REFUSED
 *     FAILED             (abandoned)                             └──► STRANDED
 * </pre>
 *
 * <p>The loop's thread looks at the phase and moves it on; a thread behind it does the work and sets the next phase last.
 */
final class CheckpointInFlight {

    private static final Logger LOG = Logger.getLogger(CheckpointInFlight.class);
    private static final Duration RETRY_DELAY = Duration.ofMillis(500);
    private static final int TAKE_IN_ATTEMPTS = 5;

    /** Where it stands. */
    enum Phase {
        /** Being sorted, written and uploaded. */
        PREPARING,
        /** Whole in the store; the loop has to send the offsets. */
        PREPARED,
        /** Being committed and taken into the databases. */
        COMMITTING,
        /** Committed, and in the databases. */
        DONE,
        /** It could not be written. */
        FAILED,
        /** It is definitely not committed. */
        REFUSED,
        /** Committed, but a local database cannot take it in. */
        STRANDED
    }

    /** One partition's part. */
    static final class Part {

        private final PartitionTask task;
        private final FrozenPartition frozen;
        private volatile PreparedCheckpoint prepared;
        private volatile long ingestNanos;

        Part(PartitionTask task, FrozenPartition frozen) {
            this.task = task;
            this.frozen = frozen;
        }

        PartitionTask task() {
            return task;
        }

        FrozenPartition frozen() {
            return frozen;
        }

        /** What was written; {@code null} until then. */
        PreparedCheckpoint prepared() {
            return prepared;
        }

        /** Its share of the report. */
        CheckpointReport.Part report() {
            Duration freeze = Duration.ofNanos(frozen.freezeNanos());
            PreparedCheckpoint written = prepared;
            if (written == null) {
                return new CheckpointReport.Part(
                        task.partition(),
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
                    task.partition(),
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

        private void reached(CheckpointStep step, CheckpointObserver observer) {
            observer.reached(step, task.partition(), prepared.metadata().number());
        }
    }

    private final CheckpointReport.Trigger trigger;
    private final List<Part> parts;
    private final Outputs.Frozen outputs;
    private final CheckpointObserver observer;
    private final Duration freeze;
    private final Instant triggeredAt;
    private final long startedNanos;
    private final long deadlineNanos;
    private final CountDownLatch unprepared;
    private final Set<Thread> preparing = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;
    private volatile Phase phase = Phase.PREPARING;
    private volatile Throwable failure;
    private volatile long askedNanos;
    private volatile long decidedNanos;

    CheckpointInFlight(
            CheckpointReport.Trigger trigger,
            List<Part> parts,
            Outputs.Frozen outputs,
            CheckpointObserver observer,
            Duration freeze,
            Duration timeout) {
        this.trigger = trigger;
        this.freeze = freeze;
        this.triggeredAt = Instant.now().minus(freeze);
        this.startedNanos = System.nanoTime() - freeze.toNanos();
        this.parts = List.copyOf(parts);
        this.outputs = outputs;
        this.observer = observer;
        this.deadlineNanos = startedNanos + timeout.toNanos();
        this.unprepared = new CountDownLatch(parts.size());
    }

    List<Part> parts() {
        return parts;
    }

    Phase phase() {
        return phase;
    }

    /** Why it FAILED or is STRANDED. */
    Throwable failure() {
        return failure;
    }

    long startedNanos() {
        return startedNanos;
    }

    /** Just before the group was asked to accept it. */
    long askedNanos() {
        return askedNanos;
    }

    /** How it has ended; failed, where a reason is given. */
    CheckpointReport report(String worker, int loop, String failure) {
        long commitNanos = decidedNanos == 0 ? 0 : decidedNanos - askedNanos;
        return new CheckpointReport(
                worker,
                loop,
                trigger,
                failure.isEmpty() ? CheckpointReport.Outcome.COMPLETED : CheckpointReport.Outcome.FAILED,
                triggeredAt,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                freeze,
                Duration.ofNanos(commitNanos),
                failure,
                parts.stream().map(Part::report).toList());
    }

    boolean isOverdue() {
        return System.nanoTime() - deadlineNanos > 0;
    }

    /** Starts writing the parts, beside each other. */
    void prepare(Executor io) {
        parts.forEach(part -> io.execute(() -> prepare(part)));
    }

    private void prepare(Part part) {
        preparing.add(Thread.currentThread());
        try {
            if (!cancelled) {
                part.prepared = part.task.checkpoints().prepare(part.frozen);
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            preparing.remove(Thread.currentThread());
            // A late interrupt of cancel() must not hit what this thread does next.
            Thread.interrupted();
            unprepared.countDown();
            if (unprepared.getCount() == 0) {
                phase = failure == null && !cancelled ? Phase.PREPARED : Phase.FAILED;
            }
        }
    }

    /** On the loop's thread: adds offsets and pointers to the commit. */
    void sendOffsets(Consumer<?, ?> consumer) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        parts.forEach(part -> offsets.putAll(part.task.offsets(
                part.frozen.positions(), part.prepared.metadata().id())));
        askedNanos = System.nanoTime();
        parts.forEach(part -> part.task.committing(true));
        try {
            outputs.sendOffsets(offsets, consumer);
        } catch (RebalanceInProgressException e) {
            // They are sent again, and have not arrived.
            parts.forEach(part -> part.task.committing(false));
            throw e;
        }
        parts.forEach(part -> part.reached(CheckpointStep.OFFSETS_SENT, observer));
        phase = Phase.COMMITTING;
    }

    /** Behind: commits, and takes what is committed into the databases. */
    void commit(GroupOffsets group) {
        try {
            if (!isCommitted(group)) {
                phase = Phase.REFUSED;
                return;
            }
            decidedNanos = System.nanoTime();
            parts.forEach(part -> part.reached(CheckpointStep.COMMITTED, observer));
            for (Part part : parts) {
                takeIn(part);
            }
            phase = Phase.DONE;
        } catch (InterruptedException e) {
            // The worker ends without knowing; the next one asks the group, as after a crash.
            phase = Phase.REFUSED;
        } catch (RuntimeException | Error e) {
            failure = e;
            phase = Phase.STRANDED;
        }
    }

    private boolean isCommitted(GroupOffsets group) throws InterruptedException {
        while (true) {
            try {
                if (outputs.commit() == Outputs.Outcome.COMMITTED) {
                    return true;
                }
                Part any = parts.get(0);
                boolean named = GroupOffsets.pointer(group.committed(any.task.inputs()))
                        .equals(Optional.of(any.prepared.metadata().id()));
                LOG.infof(
                        "the outcome of a commit was unknown: the group says that it is %s",
                        named ? "committed" : "aborted");
                return named;
            } catch (KafkaException e) {
                LOG.warnf("the outcome of a commit is not known yet: %s", e.getMessage());
                TimeUnit.NANOSECONDS.sleep(RETRY_DELAY.toNanos());
            }
        }
    }

    private void takeIn(Part part) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            long began = System.nanoTime();
            try {
                part.task.checkpoints().takeIn(part.prepared);
                part.task.committing(false);
                part.ingestNanos = System.nanoTime() - began;
                return;
            } catch (LocalStateException e) {
                if (attempt == TAKE_IN_ATTEMPTS) {
                    part.task.checkpoints().condemnLocal();
                    throw e;
                }
                LOG.warnf("partition %d: %s", part.task.partition(), e.getMessage());
                TimeUnit.NANOSECONDS.sleep(RETRY_DELAY.toNanos());
            }
        }
    }

    /**
     * Gives it up while it is not COMMITTING. No thread works on it when this returns.
     *
     * @return whether it came to rest within the limit
     */
    boolean abandon(Duration limit) {
        cancelled = true;
        preparing.forEach(Thread::interrupt);
        boolean interrupted = false;
        boolean quiet = false;
        try {
            quiet = unprepared.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        for (Part part : parts) {
            if (part.prepared != null) {
                part.task.checkpoints().abandon(part.prepared);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return quiet;
    }
}
