package dev.cairn.processors;

import java.time.Duration;

import org.jboss.logging.Logger;

import dev.cairn.api.InputRecord;
import dev.cairn.api.Output;

/** What becomes of records that are too late: they go to an output, or are counted, dropped, and logged once a minute. */
final class LateRecords {

    private static final Logger LOG = Logger.getLogger(LateRecords.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

    private final Output<byte[], byte[]> output;
    private final int partition;
    private long dropped;
    private long unsaid;
    private long saidNanos;

    /** @param output takes them unchanged; {@code null} to drop them */
    LateRecords(Output<byte[], byte[]> output, int partition) {
        this.output = output;
        this.partition = partition;
    }

    void take(InputRecord<byte[], byte[]> late) {
        if (output != null) {
            output.emit(late.key(), late.value(), late.headers());
            return;
        }
        dropped++;
        unsaid++;
        if (dropped == 1 || System.nanoTime() - saidNanos >= QUIET_NANOS) {
            say();
        }
    }

    /** Logs what was not logged yet. */
    void say() {
        if (unsaid > 0) {
            LOG.warnf(
                    "dropped late records of partition %d: %d, in all %d since the partition was started; they are kept where"
                            + " %s is set, and %s lets windows wait for them",
                    partition, unsaid, dropped, WindowSettings.LATE_TOPIC, WindowSettings.LATENESS);
            unsaid = 0;
            saidNanos = System.nanoTime();
        }
    }
}
