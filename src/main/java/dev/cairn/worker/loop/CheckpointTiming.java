package dev.cairn.worker.loop;

import java.util.Optional;

import dev.cairn.settings.CheckpointSettings;
import dev.cairn.worker.status.CheckpointReport.Trigger;

/** Decides when a loop takes its next checkpoint. Times are of {@link System#nanoTime}. */
final class CheckpointTiming {

    private final long intervalNanos;
    private final long minPauseNanos;
    private long dueNanos;

    CheckpointTiming(CheckpointSettings settings, long now) {
        this.intervalNanos = settings.interval().toNanos();
        this.minPauseNanos = settings.minPause().toNanos();
        beginInterval(now);
    }

    /** The next one is due an interval from then on. */
    void beginInterval(long from) {
        dueNanos = from + intervalNanos;
    }

    /** The next one is due. */
    void dueAt(long now) {
        dueNanos = now;
    }

    /** One has completed: the next one waits at least for the pause. */
    void completed(long now) {
        dueNanos = Math.max(dueNanos, now + minPauseNanos);
    }

    /** Why a checkpoint is due, if one is. */
    Optional<Trigger> due(long now, boolean memoryAtLimit, boolean requested) {
        if (memoryAtLimit) {
            return Optional.of(Trigger.MEMORY);
        }
        if (requested) {
            return Optional.of(Trigger.REQUESTED);
        }
        return now - dueNanos >= 0 ? Optional.of(Trigger.INTERVAL) : Optional.empty();
    }
}
