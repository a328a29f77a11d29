package dev.cairn.worker.group;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.checkpoint.format.CheckpointId;

/**
 * Reads what the group has committed, and the logs' bounds, by a consumer that is no member.
 *
 * <p>A consumer, because it waits for a pending transaction; the Admin client answers with old or absent entries instead.
 * Thread-safe; every call blocks.
 */
public final class GroupOffsets implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration CLOSE_LIMIT = Duration.ofMillis(500);

    private final KafkaConsumer<byte[], byte[]> consumer;

    public GroupOffsets(Map<String, Object> config) {
        consumer = new KafkaConsumer<>(config);
    }

    /**
     * What is committed for these partitions; those without a committed offset are left out. One request for all.
     *
     * @throws org.apache.kafka.common.errors.TimeoutException when a transaction of any of them is pending, or the broker is away
     */
    public Map<TopicPartition, OffsetAndMetadata> committed(Collection<TopicPartition> partitions) {
        return committed(partitions, LIMIT);
    }

    /** As {@link #committed(Collection)}, waiting no longer than this. */
    public synchronized Map<TopicPartition, OffsetAndMetadata> committed(
            Collection<TopicPartition> partitions, Duration limit) {
        Map<TopicPartition, OffsetAndMetadata> found =
                new HashMap<>(consumer.committed(new HashSet<>(partitions), limit));
        found.values().removeIf(offset -> offset == null);
        return found;
    }

    /** Which checkpoint the group names for these partitions of one number. The newest, where their commits differ. */
    public static Optional<CheckpointId> pointer(Map<TopicPartition, OffsetAndMetadata> committed) {
        Optional<CheckpointId> newest = Optional.empty();
        for (OffsetAndMetadata offset : committed.values()) {
            Optional<CheckpointId> pointer = CheckpointId.fromPointer(offset.metadata());
            if (pointer.isEmpty()) {
                return Optional.empty();
            }
            if (newest.isEmpty() || pointer.get().number() > newest.get().number()) {
                newest = pointer;
            }
        }
        return newest;
    }

    /** First and next offset of each log, as read_committed readers see them. Two questions for all. */
    public synchronized Map<TopicPartition, Bounds> bounds(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions, LIMIT);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, LIMIT);
        Map<TopicPartition, Bounds> bounds = new HashMap<>();
        partitions.forEach(partition -> bounds.put(partition, new Bounds(starts.get(partition), ends.get(partition))));
        return bounds;
    }

    @Override
    public synchronized void close() {
        consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
    }

    /** What a log holds: {@code start} is the first offset, {@code end} the one after the last. */
    public record Bounds(long start, long end) {}
}
