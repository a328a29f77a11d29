package dev.cairn.worker.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

import dev.cairn.state.KeySketch;
import dev.cairn.worker.status.HotKeys;

/**
 * Lets others see the hot keys of a loop, and how closely they are looked for: every record while there are few, a sample
 * of them while there are many. On the loop's thread.
 */
final class HotKeyWatch {

    private static final long PICTURE_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int MANY_RECORDS_A_SECOND = 4_000;
    private static final int STRIDE = 16;

    private final LoopStatus status;
    private long lastNanos;
    private long lastRecords;

    HotKeyWatch(LoopStatus status) {
        this.status = status;
        this.lastNanos = System.nanoTime();
    }

    void look(Collection<RunningPartition> partitions, long nowNanos) {
        long passed = nowNanos - lastNanos;
        if (passed < PICTURE_NANOS) {
            return;
        }
        double rate = (status.records() - lastRecords) * 1e9 / passed;
        lastNanos = nowNanos;
        lastRecords = status.records();
        int stride = rate > MANY_RECORDS_A_SECOND ? STRIDE : 1;
        status.hotKeys(HotKeys.of(partitions.stream()
                .map(partition -> picture(partition, stride, nowNanos))
                .toList()));
    }

    private static HotKeys picture(RunningPartition partition, int stride, long nowNanos) {
        KeySketch keys = partition.task().keys();
        keys.stride(stride);
        keys.rotateIfDue(nowNanos);
        long records = keys.records();
        return new HotKeys(
                Instant.now().minusNanos(nowNanos - keys.sinceNanos()),
                records,
                keys.top(HotKeys.MOST).stream()
                        .map(hot -> new HotKeys.Updated(
                                hot.key(),
                                partition.partition(),
                                hot.count(),
                                hot.bound(),
                                HotKeys.share(hot.count(), records)))
                        .toList(),
                partition.keyedState().largestValues().stream()
                        .map(large ->
                                new HotKeys.Large(large.state(), large.key(), partition.partition(), large.bytes()))
                        .toList());
    }
}
