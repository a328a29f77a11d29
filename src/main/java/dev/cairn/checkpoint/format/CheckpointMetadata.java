package dev.cairn.checkpoint.format;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.cairn.state.EventTime;
import dev.cairn.state.StateDescriptor;

/**
 * What a checkpoint is: the content of its {@code _metadata}.
 *
 * <p>A database at this checkpoint is its base with its deltas over it, in their order.
 *
 * @param formatVersion 1
 * @param job the job, which is the consumer group
 * @param partition the partition, the same of all input topics
 * @param number of this partition's checkpoints, from 1, with gaps where one failed
 * @param uid unique among all checkpoints ever
 * @param parent the checkpoint it was built on, hence one known to be committed; {@code null} for the first
 * @param createdAt when it was written
 * @param writtenBy who wrote it
 * @param positions how far every input topic had been read
 * @param states what is stored
 * @param eventTime the event time that the partition had reached; {@code null} where no one has asked for it
 * @param origins what this line of checkpoints began with, elsewhere or at an older checkpoint; the last one is the latest
 * @param base what the deltas build on, or {@code null} for an empty database
 * @param deltas changes after the base, oldest first
 * @param durations how long it took so far
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CheckpointMetadata(
        @JsonProperty(required = true) int formatVersion,
        @JsonProperty(required = true) String job,
        @JsonProperty(required = true) int partition,
        @JsonProperty(required = true) long number,
        @JsonProperty(required = true) String uid,
        CheckpointId parent,
        @JsonProperty(required = true) Instant createdAt,
        @JsonProperty(required = true) Writer writtenBy,
        @JsonProperty(required = true) List<InputPosition> positions,
        @JsonProperty(required = true) List<StateDescriptor> states,
        EventTime eventTime,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Origin> origins,
        Base base,
        @JsonProperty(required = true) List<Delta> deltas,
        Durations durations) {

    public static final int FORMAT_VERSION = 1;

    public CheckpointMetadata {
        positions = List.copyOf(positions);
        states = List.copyOf(states);
        origins = origins == null ? List.of() : List.copyOf(origins);
        deltas = List.copyOf(deltas);
        if (deltas.isEmpty()) {
            throw new IllegalArgumentException("a checkpoint has at least one delta");
        }
    }

    /**
     * Who wrote a checkpoint.
     *
     * @param instance the worker
     * @param version of Cairn
     * @param transactionalIds of the loop's producers: what has to be fenced when the worker is gone for good
     * @param clusterId of the Kafka cluster whose group may name the checkpoint; {@code null} where it was not recorded
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Writer(String instance, String version, List<String> transactionalIds, String clusterId) {

        public Writer {
            transactionalIds = List.copyOf(transactionalIds);
        }
    }

    /** How long its phases took, in milliseconds. The commit comes after it is written and is not in it. */
    public record Durations(long freezeMillis, long writeMillis, long uploadMillis) {}

    /** Its name. */
    public CheckpointId id() {
        return new CheckpointId(number, uid);
    }

    /** The Kafka cluster that it was taken on, where that was recorded. */
    public Optional<String> clusterId() {
        return Optional.ofNullable(writtenBy.clusterId()).filter(id -> !id.isEmpty());
    }

    /** Whether it is known to have been taken on another cluster than this one. */
    public boolean isOfAnotherCluster(String id) {
        return !id.isEmpty() && clusterId().filter(own -> !own.equals(id)).isPresent();
    }

    /** Whether it says of every input topic which one it was. Those that were taken by earlier versions do not. */
    public boolean namesTopicIds() {
        return positions.stream().allMatch(position -> position.topicId() != null);
    }

    /** The same checkpoint under another number. */
    public CheckpointMetadata withNumber(long other) {
        return new CheckpointMetadata(
                formatVersion,
                job,
                partition,
                other,
                uid,
                parent,
                createdAt,
                writtenBy,
                positions,
                states,
                eventTime,
                origins,
                base,
                deltas,
                durations);
    }

    /**
     * What a local database lacks.
     *
     * @param identity the unique id of the checkpoint that it is at, or nothing for an empty one
     * @return the deltas to ingest, in order; nothing when this checkpoint does not descend from that one, as far as it
     *     knows. Numbers do not decide.
     */
    public Optional<List<Delta>> deltasAfter(Optional<String> identity) {
        if (identity.isEmpty()) {
            return base == null ? Optional.of(deltas) : Optional.empty();
        }
        if (base != null && base.checkpoint().equals(identity.get())) {
            return Optional.of(deltas);
        }
        for (int i = deltas.size() - 1; i >= 0; i--) {
            Delta delta = deltas.get(i);
            if (delta.last().equals(identity.get())) {
                return Optional.of(deltas.subList(i + 1, deltas.size()));
            }
            if (delta.checkpoints().contains(identity.get())) {
                return Optional.of(deltas.subList(i, deltas.size()));
            }
        }
        return Optional.empty();
    }

    /** The deltas that a checkpoint on this one carries on when it builds on another base, made at this one's or earlier. */
    public List<Delta> deltasOn(Base newer) {
        return deltasAfter(Optional.of(newer.checkpoint())).orElse(deltas);
    }

    /** The small changes that the next checkpoint carries on, if it has any. */
    public Optional<Delta> inlineTail() {
        return Optional.of(lastDelta()).filter(Delta::holdsChanges);
    }

    /** The objects it names itself; those of its base's files are named by the base's description. */
    public List<ObjectRef> objects() {
        List<ObjectRef> objects = new ArrayList<>();
        if (base != null) {
            objects.add(base.description());
        }
        deltas.stream().filter(delta -> !delta.holdsChanges()).map(Delta::file).forEach(objects::add);
        return objects;
    }

    /** Its own delta; every checkpoint has one, because every one has an identity. */
    Delta lastDelta() {
        return deltas.get(deltas.size() - 1);
    }

    /** How many partitions its input topics had; nothing where no position is on record. */
    public OptionalInt partitionCount() {
        return positions.stream().mapToInt(InputPosition::partitionCount).max();
    }

    /** Bytes of its own delta, inline or not. */
    public long deltaBytes() {
        return lastDelta().bytes();
    }

    /** Bytes of everything that restoring it takes. */
    public long fullBytes() {
        return (base == null ? 0 : base.bytes())
                + deltas.stream().mapToLong(Delta::bytes).sum();
    }
}
