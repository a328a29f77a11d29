package dev.cairn.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * What a loop lets others see: written by its thread, read by health, metrics and the status line. No lock, no consistency
 * between fields.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // Only the loop's thread writes.
final class LoopStatus {

    private volatile List<PartitionTask> tasks = List.of();
    private volatile long lastTurnNanos = System.nanoTime();
    private volatile long records;
    private volatile long pollNanos;
    private volatile long processNanos;
    private volatile long lag;
    private volatile long started;
    private volatile long completed;
    private volatile long failed;
    private volatile long rolledBack;
    private volatile CheckpointReport lastCompleted;
    private volatile long lastCompletedNanos = System.nanoTime();
    private volatile long stateReads;
    private volatile long stateMisses;
    private volatile long skipped;
    private volatile long deadLetters;
    private final TransactionCounts transactions = new TransactionCounts();
    private volatile HotKeys hotKeys = HotKeys.NONE;
    private volatile boolean uncommitted;
    private volatile boolean stalled;

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

    List<PartitionTask> tasks() {
        return tasks;
    }

    void lag(long behind) {
        lag = behind;
    }

    void stalled(boolean now) {
        stalled = now;
    }

    void checkpointStarted() {
        started++;
    }

    void checkpointEnded(CheckpointReport report) {
        if (report.outcome() == CheckpointReport.Outcome.COMPLETED) {
            lastCompleted = report;
            lastCompletedNanos = System.nanoTime();
            completed++;
        } else {
            failed++;
        }
    }

    void rolledBack() {
        rolledBack++;
    }

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

    void skipped() {
        skipped++;
    }

    void deadLetter() {
        deadLetters++;
    }

    /** Counted by the threads behind the loop, too. */
    TransactionCounts transactions() {
        return transactions;
    }

    WorkerFigures.Loop figures(int number) {
        return new WorkerFigures.Loop(number, stateReads, stateMisses, skipped, deadLetters, transactions.figures());
    }

    void hotKeys(HotKeys now) {
        hotKeys = now;
    }

    HotKeys hotKeys() {
        return hotKeys;
    }

    Duration sinceLastTurn() {
        return Duration.ofNanos(System.nanoTime() - lastTurnNanos);
    }

    /** How long there has been something that no checkpoint holds. */
    Duration sinceLastCheckpoint() {
        return uncommitted ? Duration.ofNanos(System.nanoTime() - lastCompletedNanos) : Duration.ZERO;
    }

    long records() {
        return records;
    }

    /** How long it has waited for records, and talked to the group. */
    Duration pollTime() {
        return Duration.ofNanos(pollNanos);
    }

    /** How long it has processed records. */
    Duration processTime() {
        return Duration.ofNanos(processNanos);
    }

    long lag() {
        return lag;
    }

    long completed() {
        return completed;
    }

    long failed() {
        return failed;
    }

    /** Checkpoints under way: none or one. */
    long inFlight() {
        return Math.max(0, started - completed - failed);
    }

    long rollBacks() {
        return rolledBack;
    }

    boolean isStalled() {
        return stalled;
    }

    /** The last completed checkpoint; {@code null} before the first. */
    CheckpointReport lastCompleted() {
        return lastCompleted;
    }
}
