package dev.cairn.worker.record;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.apache.kafka.common.serialization.Serde;

import dev.cairn.api.Timer;
import dev.cairn.api.TimerHandler;
import dev.cairn.api.Timers;
import dev.cairn.state.DeclaredTimers;
import dev.cairn.state.PartitionTime;
import dev.cairn.worker.output.TimerRecord;
import dev.cairn.worker.status.WorkerStatus;

/**
 * Fires the timers of a partition between its records, in the order of their times: by event time what the watermark has
 * reached, then by the clock. Of several of one time, that which was declared first is first, then that with the least key.
 *
 * <p>A record's timestamp moves the watermark before the record is processed, so that the timers before it see nothing of
 * it. A turn fires a bounded number; the partition's records wait for the rest, so that the order does not depend on it.
 *
 * <p>On the loop's thread.
 */
public final class FiringTimers {

    private static final int MAX_PER_TURN = 1_000;
    private static final long MAX_TURN_NANOS = Duration.ofMillis(100).toNanos();

    private final int partition;
    private final PartitionTime time;
    private final List<Declared<?>> byEvent = new ArrayList<>();
    private final List<Declared<?>> byClock = new ArrayList<>();
    private RecordPipeline pipeline;
    private int left;
    private long endNanos;
    private long fired;

    /** Timers of one name, and what happens when they fire. */
    static final class Declared<K> {

        private final String name;
        private final DeclaredTimers timers;
        private final Serde<K> key;
        private final TimerHandler<K> handler;

        private Declared(String name, DeclaredTimers timers, Serde<K> key, TimerHandler<K> handler) {
            this.name = name;
            this.timers = timers;
            this.key = key;
            this.handler = handler;
        }

        /** Fires one, in the scope of its key. */
        void fire(TimerRecord timer) throws Exception {
            timers.fired();
            handler.onTimer(
                    new Timer<>(name, key.deserializer().deserialize(timer.topic(), timer.key()), timer.time()));
        }

        /** Its effects are dropped, and it does not come again. */
        void discard() {
            timers.fired();
        }
    }

    FiringTimers(int partition, PartitionTime time) {
        this.partition = partition;
        this.time = time;
    }

    <K> Timers addByEvent(String name, DeclaredTimers timers, Serde<K> key, TimerHandler<K> handler) {
        return add(byEvent, name, timers, key, handler);
    }

    <K> Timers addByClock(String name, DeclaredTimers timers, Serde<K> key, TimerHandler<K> handler) {
        return add(byClock, name, timers, key, handler);
    }

    private static <K> Timers add(
            List<Declared<?>> to, String name, DeclaredTimers timers, Serde<K> key, TimerHandler<K> handler) {
        if (key == null || handler == null) {
            throw new IllegalArgumentException(
                    "the timers '" + name + "' are declared without a serde for their keys, or without a handler");
        }
        to.add(new Declared<>(name, timers, key, handler));
        return timers;
    }

    void of(RecordPipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** The loop begins to process what it has of the partition. */
    public void beginTurn(long nowNanos) {
        left = MAX_PER_TURN;
        endNanos = nowNanos + MAX_TURN_NANOS;
    }

    /** As {@link PartitionTime#quiet}. */
    public void quiet(String topic, boolean exhausted, long nowNanos) {
        time.quiet(topic, exhausted, nowNanos);
    }

    /**
     * Fires what is due before a record.
     *
     * @return whether it may be processed now; otherwise more timers are due before it, in the next turn or when the partition
     *     has waited to try one of them again
     * @throws dev.cairn.state.LocalStateException when the state cannot be read; the timer in question has no effect then
     */
    public boolean fireBefore(String topic, long timestamp) {
        // What is due already fires at the watermark at which it was set, wherever a poll has ended.
        if (!fire(byEvent, time.watermark(), true)) {
            return false;
        }
        time.saw(topic, timestamp);
        return fire();
    }

    /**
     * Fires what is due.
     *
     * @return whether nothing more is due; otherwise it is for later, as {@link #fireBefore}
     * @throws dev.cairn.state.LocalStateException as {@link #fireBefore}
     */
    public boolean fire() {
        return fire(byEvent, time.watermark(), true) && (byClock.isEmpty() || fire(byClock, time.now(), false));
    }

    private boolean fire(List<Declared<?>> timers, long reached, boolean event) {
        while (true) {
            Declared<?> next = null;
            long nextTime = DeclaredTimers.NEVER;
            for (int i = 0; i < timers.size(); i++) {
                long ofName = timers.get(i).timers.nextTime();
                if (ofName < nextTime) {
                    nextTime = ofName;
                    next = timers.get(i);
                }
            }
            if (next == null || nextTime > reached) {
                return true;
            }
            if (left <= 0 || ((fired & 15) == 0 && System.nanoTime() - endNanos >= 0)) {
                left = 0;
                return false;
            }
            left--;
            fired++;
            if (!pipeline.fire(
                    new TimerRecord(next.name, partition, nextTime, next.timers.nextKey(), event ? nextTime : reached),
                    next)) {
                return false;
            }
        }
    }

    /** When the next one by the clock is due, in milliseconds since the epoch; {@link Long#MAX_VALUE} where there is none. */
    public long nextByClock() {
        long next = DeclaredTimers.NEVER;
        for (Declared<?> each : byClock) {
            next = Math.min(next, each.timers.nextTime());
        }
        return next;
    }

    /** How many have fired since the partition was started, those included that a roll back has brought back. */
    public long fired() {
        return fired;
    }

    /** What time it is, for others. From any thread. */
    public WorkerStatus.TimeInfo info() {
        long watermark = time.watermark();
        return new WorkerStatus.TimeInfo(
                watermark == PartitionTime.NONE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(watermark)),
                time.timers());
    }
}
