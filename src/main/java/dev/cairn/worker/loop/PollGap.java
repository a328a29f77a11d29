package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.Collection;
import java.util.function.LongSupplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.settings.DurationText;
import dev.cairn.worker.status.FailureKind;
import dev.cairn.worker.status.RollBackException;

/**
 * Finds out whether a loop has polled too rarely for the group, and which records took it so long. On the loop's thread.
 */
final class PollGap {

    private static final String SETTING = "kafka.max.poll.interval.ms";

    private final Duration limit;
    private final LongSupplier clock;
    private long polledNanos;
    private Duration gap = Duration.ZERO;
    private long stepBeganNanos;
    private long longestNanos;
    private String longest = "";

    /** @param limit after which the group gives up a member that does not poll */
    PollGap(Duration limit) {
        this(limit, System::nanoTime);
    }

    PollGap(Duration limit, LongSupplier nanoClock) {
        this.limit = limit;
        this.clock = nanoClock;
        this.polledNanos = nanoClock.getAsLong();
    }

    /** Polls. */
    ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> consumer, Duration timeout) {
        polling();
        try {
            return consumer.poll(timeout);
        } finally {
            polled();
        }
    }

    /** The consumer is about to be polled. */
    void polling() {
        gap = Duration.ofNanos(clock.getAsLong() - polledNanos);
    }

    /** The consumer was polled. */
    void polled() {
        polledNanos = clock.getAsLong();
        stepBeganNanos = polledNanos;
        longestNanos = 0;
        longest = "";
    }

    /** What follows is no time of records before it. */
    void beginStep() {
        stepBeganNanos = clock.getAsLong();
    }

    /** So many records were processed since the step began, and this was the last; the next step begins. */
    void endStep(ConsumerRecord<?, ?> last, int count, long nowNanos) {
        long took = nowNanos - stepBeganNanos;
        stepBeganNanos = nowNanos;
        if (count > 0 && took > longestNanos) {
            longestNanos = took;
            // Text is made only of steps that someone will want to read about.
            longest = took < limit.toNanos() / 10 ? "" : describe(last, count);
        }
    }

    private static String describe(ConsumerRecord<?, ?> last, int count) {
        String where = last.topic() + "-" + last.partition() + "@" + last.offset();
        return count == 1 ? "the record " + where : count + " records, the last of them " + where;
    }

    private static String text(Duration duration) {
        return DurationText.of(Duration.ofMillis(duration.toMillis()));
    }

    /** Why the group has taken partitions away. */
    RollBackException lost(Collection<TopicPartition> partitions) {
        if (gap.compareTo(limit) <= 0) {
            return new RollBackException(
                    "the group has taken " + PartitionRanges.of(partitions) + " away", FailureKind.UNAVAILABLE);
        }
        return new RollBackException("the loop did not poll for " + text(gap) + ", more than " + SETTING + "="
                + limit.toMillis() + " allows, so the group has taken " + PartitionRanges.of(partitions) + " away. "
                + (longest.isEmpty()
                        ? "No record took long"
                        : "It took " + text(Duration.ofNanos(longestNanos)) + " to process " + longest)
                + ". Process faster, raise " + SETTING + ", or lower kafka.max.poll.records");
    }
}
