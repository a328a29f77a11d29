package dev.cairn.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.cairn.checkpoint.CheckpointMetadata;

/**
 * What a loop lets others see: written by its thread, read by health, metrics and the status line. No lock, no consistency
 * between fields.
 */
final class LoopStatus {

    private final Map<Integer, CheckpointMetadata> lastCheckpoints = new ConcurrentHashMap<>();
    private volatile List<PartitionTask> tasks = List.of();
    private volatile long lastTurnNanos = System.nanoTime();
    private volatile long records;
    private volatile long lag;
    private volatile long completed;
    private volatile long failed;
    private volatile long rolledBack;
    private volatile long lastFreezeNanos;
    private volatile long lastDurationNanos;
    private volatile long lastCompletedNanos = System.nanoTime();
    private volatile HotKeys hotKeys = HotKeys.NONE;
    private volatile boolean uncommitted;
    private volatile boolean stalled;

    void turned() {
        lastTurnNanos = System.nanoTime();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Only the loop's thread writes.
    void processed(long count) {
        records += count;
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

    void checkpointStarted(long freezeNanos) {
        lastFreezeNanos = freezeNanos;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Only the loop's thread writes.
    void checkpointCompleted(CheckpointInFlight checkpoint, long durationNanos) {
        completed++;
        lastDurationNanos = durationNanos;
        lastCompletedNanos = System.nanoTime();
        checkpoint
                .parts()
                .forEach(part -> lastCheckpoints.put(
                        part.task().partition(), part.prepared().metadata()));
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Only the loop's thread writes.
    void checkpointFailed() {
        failed++;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // Only the loop's thread writes.
    void rolledBack() {
        rolledBack++;
    }

    void uncommitted(boolean now) {
        if (!now) {
            lastCompletedNanos = System.nanoTime();
        }
        uncommitted = now;
    }

    void hotKeys(HotKeys now) {
        hotKeys = now;
    }

    HotKeys hotKeys() {
        return hotKeys;
    }

    void gaveUp(int partition) {
        lastCheckpoints.remove(partition);
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

    long lag() {
        return lag;
    }

    long completed() {
        return completed;
    }

    long failed() {
        return failed;
    }

    long rollBacks() {
        return rolledBack;
    }

    boolean isStalled() {
        return stalled;
    }

    Duration lastFreeze() {
        return Duration.ofNanos(lastFreezeNanos);
    }

    Duration lastDuration() {
        return Duration.ofNanos(lastDurationNanos);
    }

    /** The last committed checkpoint of each partition, since the worker's start. */
    Map<Integer, CheckpointMetadata> lastCheckpoints() {
        return lastCheckpoints;
    }
}
