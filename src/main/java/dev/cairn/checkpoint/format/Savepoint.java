package dev.cairn.checkpoint.format;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What a savepoint is: the content of its one {@code _metadata}.
 *
 * <pre>
 *   savepoint-job-id/_metadata              this
 *   savepoint-job-id/partition-p/000001.sst a partition's whole state, sorted by key
 * </pre>
 *
 * <p>It needs nothing outside of its directory, and may be copied and moved. Partitions exchange nothing, so the last
 * committed checkpoints of all of them together are consistent without a barrier.
 *
 * @param formatVersion 1
 * @param kind {@code savepoint}
 * @param uid unique among all savepoints ever
 * @param job the job it was made of
 * @param createdAt when it was begun
 * @param version of Cairn that wrote it
 * @param partitionCount of the input topics: the state of a key is in the partition that this count leads to
 * @param partitions the state of each, in order
 */
public record Savepoint(
        @JsonProperty(required = true) int formatVersion,
        @JsonProperty(required = true) String kind,
        @JsonProperty(required = true) String uid,
        @JsonProperty(required = true) String job,
        @JsonProperty(required = true) Instant createdAt,
        @JsonProperty(required = true) String version,
        @JsonProperty(required = true) int partitionCount,
        @JsonProperty(required = true) List<Partition> partitions) {

    public static final int FORMAT_VERSION = 1;
    public static final String KIND = "savepoint";

    public Savepoint {
        partitions = List.copyOf(partitions);
    }

    /**
     * The state of one partition.
     *
     * @param checkpoint what it is, as a checkpoint without a base; its objects are relative to the partition's directory
     * @param entries keys with a value, over all states
     * @param logEnds the end of each input topic's log when the savepoint was made, where Kafka was asked
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Partition(
            @JsonProperty(required = true) CheckpointMetadata checkpoint,
            @JsonProperty(required = true) long entries,
            Map<String, Long> logEnds) {

        /** Whether all of its input had been processed; nothing where that was not asked. */
        public Optional<Boolean> drained() {
            if (logEnds == null) {
                return Optional.empty();
            }
            return Optional.of(checkpoint.positions().stream()
                    .allMatch(position -> position.offset() >= logEnds.getOrDefault(position.topic(), Long.MAX_VALUE)));
        }
    }

    /** Bytes of all its files. */
    public long bytes() {
        return partitions.stream()
                .mapToLong(partition -> partition.checkpoint().fullBytes())
                .sum();
    }

    /** Keys with a value, over all states and partitions. */
    public long entries() {
        return partitions.stream().mapToLong(Partition::entries).sum();
    }
}
