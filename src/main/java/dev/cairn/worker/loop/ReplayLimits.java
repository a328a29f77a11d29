package dev.cairn.worker.loop;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.worker.record.Refusals;

/**
 * How far a loop may go once results of some records were refused, until a checkpoint is past these records. So no new
 * refusal can break that checkpoint, and each roll back because of refusals is followed by progress.
 *
 * <p>An input with refused records may go until right behind the last of them; another one, until where it was before.
 *
 * <pre>
 *   checkpoint ────────► refused record ─┬─► more refused records
 *   └ roll back goes to here             └ the next checkpoint is taken here
 * </pre>
 *
 * <p>On the loop's thread.
 */
final class ReplayLimits {

    private final Consumer<?, ?> consumer;
    private final Refusals refusals;
    private final Map<TopicPartition, Long> limits = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();
    /** Whether timers were refused, of which no position says when they are past. */
    private boolean ofTimers;

    ReplayLimits(Consumer<?, ?> consumer, Refusals refusals) {
        this.consumer = consumer;
        this.refusals = refusals;
    }

    /**
     * More refused records are known.
     *
     * @param reached where the inputs were before the roll back
     */
    void set(Map<TopicPartition, Long> reached) {
        reached.forEach((input, position) -> limits.merge(input, position, Math::max));
        limits.putAll(refusals.ends());
        ofTimers = refusals.hasTimers();
    }

    /** Whether it may run without end, as nearly always. */
    boolean areNone() {
        return limits.isEmpty();
    }

    /**
     * Whether they have done their work, where no refused record is left: because of timers, when a checkpoint is past where the
     * inputs were.
     */
    boolean arePassed(Collection<RunningPartition> partitions) {
        if (ofTimers) {
            for (RunningPartition partition : partitions) {
                for (InputCursor cursor : partition.cursors()) {
                    if (cursor.committed() < limits.getOrDefault(cursor.input(), 0L)) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** Whether nothing more may be processed until there is a checkpoint. */
    boolean areReached(Collection<RunningPartition> partitions) {
        if (limits.isEmpty()) {
            return false;
        }
        for (RunningPartition partition : partitions) {
            if (!isReached(partition)) {
                return false;
            }
        }
        return true;
    }

    /** Whether no more of this partition may be processed until there is a checkpoint. */
    boolean isReached(RunningPartition partition) {
        if (limits.isEmpty()) {
            return false;
        }
        for (InputCursor cursor : partition.cursors()) {
            if (cursor.position() < limit(cursor)) {
                return false;
            }
        }
        return true;
    }

    private long limit(InputCursor cursor) {
        return limits.getOrDefault(cursor.input(), cursor.committed());
    }

    /** Leaves out what is beyond the limits; it is fetched again once they are lifted. */
    ConsumerRecords<byte[], byte[]> cut(ConsumerRecords<byte[], byte[]> batch, LoopPartitions partitions) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new LinkedHashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(batch.nextOffsets());
        for (TopicPartition input : batch.partitions()) {
            RunningPartition partition = partitions.processing(input.partition());
            if (partition == null) {
                continue;
            }
            List<ConsumerRecord<byte[], byte[]>> fetched = batch.records(input);
            int within = countBelow(limit(partition.cursor(input)), fetched);
            if (within > 0) {
                records.put(input, fetched.subList(0, within));
            }
            if (within < fetched.size()) {
                long resumeAt = fetched.get(within).offset();
                consumer.seek(input, resumeAt);
                consumer.pause(List.of(input));
                paused.add(input);
                next.put(input, new OffsetAndMetadata(resumeAt));
            }
        }
        return new ConsumerRecords<>(records, next);
    }

    private static int countBelow(long limit, List<ConsumerRecord<byte[], byte[]>> records) {
        int count = 0;
        while (count < records.size() && records.get(count).offset() < limit) {
            count++;
        }
        return count;
    }

    /** Fetches again what was stopped at its limit: the loop goes back. */
    void resume() {
        List<TopicPartition> stopped = new ArrayList<>(paused);
        stopped.retainAll(consumer.assignment());
        consumer.resume(stopped);
        paused.clear();
    }

    /** A checkpoint is past the refused records. */
    void lift() {
        if (limits.isEmpty()) {
            return;
        }
        limits.clear();
        ofTimers = false;
        resume();
    }
}
