package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.cairn.worker.output.TransactionCounts;
import dev.cairn.worker.record.RecordCounts;
import dev.cairn.worker.status.CheckpointReport;
import dev.cairn.worker.status.HotKeys;
import dev.cairn.worker.status.LoopInfo;
import dev.cairn.worker.status.WorkerStatus.PartitionInfo;

/**
 * What a loop lets others see: written by its thread, read by health, metrics and the status line. No lock, no consistency
 * between fields.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // Only the loop's thread writes.
public final class LoopStatus implements RecordCounts {

    /** The ends of the inputs are of now when they are not older. */
    private static final Duration LAG_LIMIT = Duration.ofSeconds(5);

    /** A batch of slow records takes some time, in which nothing is fetched. */
    private static final Duration LOOK_LIMIT = Duration.ofSeconds(30);

    /** Of a time that has not come. */
    private static final long NOT = Long.MIN_VALUE;

    private volatile List<PartitionTask> tasks = List.of();
    private volatile long lastTurnNanos = System.nanoTime();
    private volatile long records;
    private volatile long pollNanos;
    private volatile long processNanos;
    private volatile long started;
    private volatile long completed;
    private volatile long failed;
    private volatile long rolledBack;
    private volatile CheckpointReport lastCompleted;
    private volatile long lastCompletedNanos = System.nanoTime();
    private volatile long stateReads;
    private volatile long stateMisses;
    private volatile long retried;
    private final EpochCount skipped = new EpochCount();
    private final EpochCount deadLetters = new EpochCount();
    private final TransactionCounts transactions = new TransactionCounts();
    private volatile HotKeys hotKeys = HotKeys.NONE;
    private volatile boolean uncommitted;
    private volatile long stalledNanos = NOT;
    private volatile long heldNanos = NOT;
    private volatile long lookedNanos = System.nanoTime();
    private volatile int rollBacksWithoutProgress;
    private volatile long rollingBackNanos = NOT;
    private final BrokerContact broker = new BrokerContact();

    void turned() {
        lastTurnNanos = System.nanoTime();
    }

    void processed(long count, long nanos) {
        records += count;
        processNanos += nanos;
    }

    void polled(long nanos) {
        pollNanos += nanos;
    }

    void tasks(Collection<PartitionTask> now) {
        tasks = List.copyOf(now);
    }

    public List<PartitionTask> tasks() {
        return tasks;
    }

    /** What it shows of its inputs is as of now. */
    void looked() {
        lookedNanos = System.nanoTime();
    }

    /** Whether it waits for a checkpoint. */
    void stalled(boolean now) {
        stalledNanos = since(stalledNanos, now);
    }

    /** Whether it fetches nothing, for whatever reason. */
    void held(boolean now) {
        heldNanos = since(heldNanos, now);
    }

    private static long since(long before, boolean now) {
        if (!now) {
            return NOT;
        }
        return before == NOT ? System.nanoTime() : before;
    }

    /** When Kafka last answered its consumer. */
    public BrokerContact broker() {
        return broker;
    }

    void checkpointStarted() {
        started++;
        skipped.freeze();
        deadLetters.freeze();
    }

    void checkpointEnded(CheckpointReport report) {
        boolean isCompleted = report.outcome() == CheckpointReport.Outcome.COMPLETED;
        skipped.end(isCompleted);
        deadLetters.end(isCompleted);
        if (isCompleted) {
            lastCompleted = report;
            lastCompletedNanos = System.nanoTime();
            completed++;
        } else {
            failed++;
        }
    }

    void rolledBack() {
        rolledBack++;
        skipped.rollBack();
        deadLetters.rollBack();
    }

    /** @param count roll backs in a row, none of which has been followed by progress */
    void rollBacksWithoutProgress(int count) {
        rollBacksWithoutProgress = count;
        rollingBackNanos = since(rollingBackNanos, count > 0);
    }

    /** @param now whether there is something that no checkpoint holds, also if it must be processed again */
    void uncommitted(boolean now) {
        if (!now) {
            lastCompletedNanos = System.nanoTime();
        }
        uncommitted = now;
    }

    void stateReads(long reads, long misses) {
        stateReads = reads;
        stateMisses = misses;
    }

    @Override
    public void retried() {
        retried++;
    }

    @Override
    public void skipped() {
        skipped.add();
    }

    @Override
    public void deadLetter() {
        deadLetters.add();
    }

    /** Counted by the threads behind the loop, too. */
    TransactionCounts transactions() {
        return transactions;
    }

    void hotKeys(HotKeys now) {
        hotKeys = now;
    }

    public HotKeys hotKeys() {
        return hotKeys;
    }

    long records() {
        return records;
    }

    boolean isStalled() {
        return stalledNanos != NOT;
    }

    /**
     * Whether what its consumer knows of the ends of the inputs is of now: it fetches, Kafka answers, and the loop has looked.
     */
    private boolean knowsLag() {
        return elapsed(heldNanos).compareTo(LAG_LIMIT) < 0
                && broker.sinceContact().compareTo(LAG_LIMIT) < 0
                && elapsed(lookedNanos).compareTo(LOOK_LIMIT) < 0;
    }

    private static Duration elapsed(long since) {
        return since == NOT ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /**
     * What the loop is doing, as of now.
     *
     * @param number the loop's
     * @param state where it stands
     * @param joined whether the group has given it an assignment
     */
    public LoopInfo info(int number, Loop.State state, boolean joined) {
        return new LoopInfo(
                number,
                state.name(),
                joined,
                new LoopInfo.Times(
                        elapsed(lastTurnNanos),
                        uncommitted ? elapsed(lastCompletedNanos) : Duration.ZERO,
                        elapsed(stalledNanos),
                        broker.sinceContact()),
                new LoopInfo.Work(
                        records,
                        skipped.committed(),
                        deadLetters.committed(),
                        retried,
                        Duration.ofNanos(pollNanos),
                        Duration.ofNanos(processNanos),
                        stateReads,
                        stateMisses),
                new LoopInfo.Checkpoints(
                        completed,
                        failed,
                        Math.max(0, started - completed - failed),
                        Optional.ofNullable(lastCompleted)),
                new LoopInfo.RollBacks(rolledBack, rollBacksWithoutProgress, elapsed(rollingBackNanos)),
                transactions.figures());
    }

    /** Where the loop's partitions stand, as of now. */
    public Stream<PartitionInfo> partitions(int number) {
        boolean lagIsKnown = knowsLag();
        return tasks.stream().map(task -> task.info(number, lagIsKnown));
    }
}
