package dev.cairn.worker.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.checkpoint.write.CheckpointStep;
import dev.cairn.state.DamagedDatabaseException;
import dev.cairn.state.LocalStateException;
import dev.cairn.worker.group.GroupOffsets;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.FailureKind;
import dev.cairn.worker.status.Lifecycle;

/**
 * The one checkpoint of a loop that is under way, of all its partitions that have moved.
 *
 * <pre>
 *   PREPARING ──all written──► PREPARED ──loop: sends offsets──► COMMITTING ──► DONE
 *       │                         │                                  ├──────► UNKNOWN
 *       ▼ one failed              │                                  ├──────► STRANDED
 *     FAILED ─────────────────────┤                                  └──────► REFUSED
 *       (any of the three)        ▼                                              │
 *                             ABANDONED ◄────────────────────────────────────────┘
 * </pre>
 *
 * <p>The threads that write the parts, the thread that commits and the loop's thread all move it, each by compare-and-set.
 * Only what is definitely not committed becomes ABANDONED, and only then the objects of its parts may be deleted.
 */
final class CheckpointInFlight {

    private static final Logger LOG = Logger.getLogger(CheckpointInFlight.class);
    private static final Duration RETRY_DELAY = Duration.ofMillis(500);
    private static final int INGEST_ATTEMPTS = 5;

    /** Refusals in a row until they count as permanent: rights take a moment to be known. */
    private static final int MAX_REFUSALS = 5;

    /** Where it stands. */
    enum Phase implements Lifecycle.Stage<Phase> {
        /** Being sorted, written and uploaded. */
        PREPARING,
        /** Whole in the store; the loop has to send the offsets. */
        PREPARED,
        /** Being committed and ingested into the databases. */
        COMMITTING,
        /** Committed, and in every database that is not damaged. */
        DONE,
        /** A part could not be written; others may still be in progress. */
        FAILED,
        /** It is definitely not committed: the group was asked. */
        REFUSED,
        /** It may be committed or not: the attempt to commit was interrupted or refused before the group could be asked. */
        UNKNOWN,
        /** Committed, but what comes after that has failed in a way that is not known. */
        STRANDED,
        /** Given up by the loop. */
        ABANDONED;

        @Override
        public boolean canBecome(Phase next) {
            return successors().contains(next);
        }

        private Set<Phase> successors() {
            return switch (this) {
                case PREPARING -> EnumSet.of(PREPARED, FAILED, ABANDONED);
                case PREPARED -> EnumSet.of(COMMITTING, ABANDONED);
                case COMMITTING -> EnumSet.of(DONE, REFUSED, UNKNOWN, STRANDED);
                case FAILED, REFUSED -> EnumSet.of(ABANDONED);
                case DONE, UNKNOWN, STRANDED, ABANDONED -> EnumSet.noneOf(Phase.class);
            };
        }
    }

    private final CheckpointReport.Trigger trigger;
    private final List<CheckpointPart> parts;
    private final Outputs.Frozen outputs;
    private final CheckpointObserver observer;
    private final Duration freeze;
    private final Instant triggeredAt;
    private final long startedNanos;
    private final long deadlineNanos;
    private final AtomicInteger unprepared;
    private final Lifecycle<Phase> phase = new Lifecycle<>(Phase.PREPARING);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Commits it at the moment; guarded by this. */
    private Thread committer;

    private volatile long askedNanos;
    private volatile long decidedNanos;

    CheckpointInFlight(
            CheckpointReport.Trigger trigger,
            List<CheckpointPart> parts,
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
        this.unprepared = new AtomicInteger(parts.size());
    }

    List<CheckpointPart> parts() {
        return parts;
    }

    Phase phase() {
        return phase.get();
    }

    /** Why it FAILED, or is STRANDED or UNKNOWN: the first cause. */
    Throwable failure() {
        return failure.get();
    }

    /** The same, for people. */
    String reason() {
        Throwable cause = failure.get();
        if (cause instanceof InterruptedException) {
            return "the worker was interrupted";
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
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
                parts.stream().map(CheckpointPart::report).toList());
    }

    boolean isOverdue() {
        return System.nanoTime() - deadlineNanos > 0;
    }

    /** Starts writing the parts, concurrently. */
    void prepare(Executor io) {
        parts.forEach(part -> io.execute(() -> prepare(part)));
    }

    private void prepare(CheckpointPart part) {
        try {
            if (part.write() && unprepared.decrementAndGet() == 0) {
                phase.move(Phase.PREPARING, Phase.PREPARED);
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            phase.move(Phase.PREPARING, Phase.FAILED);
        }
    }

    /** On the loop's thread: adds offsets and pointers to the commit. */
    void sendOffsets(Consumer<?, ?> consumer) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        parts.forEach(part -> offsets.putAll(part.offsets()));
        askedNanos = System.nanoTime();
        parts.forEach(part -> part.partition().committing(true));
        try {
            outputs.sendOffsets(offsets, consumer);
        } catch (RebalanceInProgressException e) {
            // They are sent again, and have not arrived.
            parts.forEach(part -> part.partition().committing(false));
            throw e;
        }
        parts.forEach(part -> part.reached(CheckpointStep.OFFSETS_SENT, observer));
        phase.become(Phase.COMMITTING);
    }

    /** Lets a thread in the background commit it, and ingest what is committed into the databases. */
    void commit(GroupOffsets group, Executor background) {
        background.execute(() -> {
            if (beginCommit()) {
                try {
                    commit(group);
                } finally {
                    endCommit();
                }
            }
        });
    }

    private synchronized boolean beginCommit() {
        if (phase.get() != Phase.COMMITTING) {
            return false;
        }
        committer = Thread.currentThread();
        return true;
    }

    private synchronized void endCommit() {
        committer = null;
        // A late interrupt must not hit what this thread does next.
        Thread.interrupted();
    }

    private void commit(GroupOffsets group) {
        boolean committed;
        try {
            committed = isCommitted(group);
        } catch (InterruptedException | RuntimeException | Error e) {
            // Neither committed nor refused, as far as this worker knows; the next start asks the group, as after a
            // crash.
            failure.compareAndSet(null, e);
            phase.move(Phase.COMMITTING, Phase.UNKNOWN);
            return;
        }
        if (!committed) {
            phase.move(Phase.COMMITTING, Phase.REFUSED);
            return;
        }
        decidedNanos = System.nanoTime();
        try {
            parts.forEach(part -> part.reached(CheckpointStep.COMMITTED, observer));
            for (CheckpointPart part : parts) {
                ingest(part);
            }
            phase.move(Phase.COMMITTING, Phase.DONE);
        } catch (InterruptedException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            phase.move(Phase.COMMITTING, Phase.STRANDED);
        }
    }

    /** For a worker that ends: asks no longer whether it is committed. Nothing where it is not COMMITTING. */
    synchronized void interruptCommit() {
        if (committer != null) {
            committer.interrupt();
        } else if (phase.get() == Phase.COMMITTING) {
            failure.compareAndSet(null, new InterruptedException());
            phase.move(Phase.COMMITTING, Phase.UNKNOWN);
        }
    }

    /** @throws KafkaException when Kafka refuses to tell, so that time does not mend it */
    private boolean isCommitted(GroupOffsets group) throws InterruptedException {
        int refusals = 0;
        while (true) {
            try {
                if (outputs.commit() == Outputs.Outcome.COMMITTED) {
                    return true;
                }
                CheckpointPart any = parts.get(0);
                boolean named = isNamed(group, any);
                if (!named) {
                    // What the broker had received before it was asked, it may have answered in parallel.
                    TimeUnit.NANOSECONDS.sleep(RETRY_DELAY.toNanos());
                    named = isNamed(group, any);
                }
                LOG.infof(
                        "the outcome of a commit was unknown: the group says that it is %s",
                        named ? "committed" : "aborted");
                return named;
            } catch (KafkaException e) {
                refusals = FailureKind.of(e) == FailureKind.UNAVAILABLE ? 0 : refusals + 1;
                if (refusals == MAX_REFUSALS) {
                    throw e;
                }
                LOG.warnf("the outcome of a commit is not known yet: %s", e.getMessage());
                TimeUnit.NANOSECONDS.sleep(RETRY_DELAY.toNanos());
            }
        }
    }

    private static boolean isNamed(GroupOffsets group, CheckpointPart part) {
        return GroupOffsets.pointer(group.committed(part.partition().inputs())).equals(Optional.of(part.id()));
    }

    private static void ingest(CheckpointPart part) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                part.ingest();
                return;
            } catch (LocalStateException e) {
                if (e instanceof DamagedDatabaseException || attempt == INGEST_ATTEMPTS) {
                    part.leaveOut(e);
                    return;
                }
                LOG.warnf("partition %s: %s", part.partition().partition(), e.getMessage());
                TimeUnit.NANOSECONDS.sleep(RETRY_DELAY.toNanos());
            }
        }
    }

    /**
     * Gives it up, where it is definitely not committed. A part that is being written is interrupted; one that does not come
     * to its end within the limit ends by itself later, and what it has written then is discarded.
     *
     * @param limit how long to wait for the parts in all
     * @throws IllegalStateException where it is COMMITTING, or where it is or may be committed
     */
    void abandon(Duration limit) {
        phase.become(Phase.ABANDONED);
        parts.forEach(CheckpointPart::giveUp);
        long deadline = System.nanoTime() + limit.toNanos();
        for (CheckpointPart part : parts) {
            if (!part.awaitRest(deadline)) {
                LOG.warnf(
                        "partition %s: a call to the store has not returned since it was interrupted; what it still writes"
                                + " is discarded",
                        part.partition().partition());
            }
        }
    }
}
