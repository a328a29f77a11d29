package dev.cairn.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.protocol.FoundCheckpoint;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.FoundCheckpoints;
import dev.cairn.checkpoint.store.GroupSource;

/**
 * How a partition of a job is doing, as far as its checkpoints and its consumer group tell.
 *
 * @param partition the partition
 * @param checkpoint what it continues from: the checkpoint that the group names, or else the newest known to be committed
 * @param inputs how far that one had read
 * @param checkpoints how many there are
 * @param bytes of everything that is stored for the partition
 * @param problem why it cannot continue, if it cannot
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record PartitionStatus(
        int partition, Current checkpoint, List<Input> inputs, int checkpoints, long bytes, String problem) {

    private static final int MOST_LOOKS = 10;

    /** What makes a checkpoint the one to continue from. */
    enum Committed {
        GROUP,
        MARKED,
        PARENT;

        String text() {
            return switch (this) {
                case GROUP -> "yes, by the group";
                case MARKED -> Texts.committed(FoundCheckpoint.CommitProof.MARKED);
                case PARENT -> Texts.committed(FoundCheckpoint.CommitProof.PARENT);
            };
        }
    }

    /** The checkpoint to continue from. */
    record Current(long number, String uid, Committed committed, Instant createdAt, long ageSeconds) {}

    /** How far a topic was read. The end of its log and what is left of it are known where Kafka was asked. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Input(String topic, long position, Long logEnd, Long lag) {

        Input endingAt(Long end) {
            return new Input(topic, position, end, end == null ? null : Math.max(0, end - position));
        }
    }

    /** Looks at a partition. The job may run, and retire a checkpoint that the group has just named. */
    static PartitionStatus of(CheckpointStore store, int partition, GroupSource group, Instant now) {
        for (int look = 1; ; look++) {
            Optional<CheckpointId> named = group.look(partition, Set.of()).newest();
            List<FoundCheckpoint> found = FoundCheckpoints.in(store);
            if (look == MOST_LOOKS
                    || named.isEmpty()
                    || find(found, named.get()).isPresent()) {
                return of(store, partition, found, named, now);
            }
        }
    }

    private static PartitionStatus of(
            CheckpointStore store,
            int partition,
            List<FoundCheckpoint> found,
            Optional<CheckpointId> named,
            Instant now) {
        Optional<FoundCheckpoint.Legible> current = named.map(id -> find(found, id))
                .orElseGet(() -> legible(found).stream()
                        .filter(FoundCheckpoint::isKnownCommitted)
                        .findFirst());
        return new PartitionStatus(
                partition,
                current.map(checkpoint -> current(checkpoint, named, now)).orElse(null),
                current.map(checkpoint -> checkpoint.metadata().positions()).orElse(List.of()).stream()
                        .map(position -> new Input(position.topic(), position.offset(), null, null))
                        .toList(),
                found.size(),
                store.storedBytes(),
                problem(found, named, current).orElse(null));
    }

    /** The same, with the ends of the logs, as far as they are known. */
    PartitionStatus withLogEnds(Map<TopicPartition, Long> ends) {
        List<Input> known = inputs.stream()
                .map(input -> input.endingAt(ends.get(new TopicPartition(input.topic(), partition))))
                .toList();
        return new PartitionStatus(partition, checkpoint, known, checkpoints, bytes, problem);
    }

    boolean knowsLag() {
        return !inputs.isEmpty() && inputs.stream().allMatch(input -> input.lag() != null);
    }

    /** Its partitions of the input topics. */
    Set<TopicPartition> topicPartitions() {
        return inputs.stream()
                .map(input -> new TopicPartition(input.topic(), partition))
                .collect(Collectors.toSet());
    }

    private static Current current(FoundCheckpoint.Legible checkpoint, Optional<CheckpointId> named, Instant now) {
        Committed proof =
                checkpoint.proof() == FoundCheckpoint.CommitProof.MARKED ? Committed.MARKED : Committed.PARENT;
        Instant createdAt = checkpoint.metadata().createdAt();
        return new Current(
                checkpoint.number(),
                checkpoint.metadata().uid(),
                named.isPresent() ? Committed.GROUP : proof,
                createdAt,
                Math.max(0, Duration.between(createdAt, now).toSeconds()));
    }

    private static List<FoundCheckpoint.Legible> legible(List<FoundCheckpoint> found) {
        return found.stream()
                .filter(FoundCheckpoint.Legible.class::isInstance)
                .map(FoundCheckpoint.Legible.class::cast)
                .toList();
    }

    private static Optional<FoundCheckpoint.Legible> find(List<FoundCheckpoint> found, CheckpointId id) {
        return legible(found).stream()
                .filter(checkpoint -> checkpoint.metadata().id().equals(id))
                .findFirst();
    }

    /** Where the group names none, a damaged one that is newer may be what the job continues from. */
    private static Optional<String> problem(
            List<FoundCheckpoint> found, Optional<CheckpointId> named, Optional<FoundCheckpoint.Legible> current) {
        if (named.isEmpty()) {
            long number = current.map(FoundCheckpoint.Legible::number).orElse(0L);
            return found.stream()
                    .filter(checkpoint -> checkpoint.number() > number)
                    .flatMap(checkpoint -> checkpoint.damage().stream())
                    .findFirst();
        }
        if (current.isPresent()) {
            return Optional.empty();
        }
        CheckpointId id = named.get();
        return Optional.of(found.stream()
                .filter(checkpoint -> checkpoint.number() == id.number())
                .findFirst()
                .map(checkpoint -> checkpoint
                        .damage()
                        .orElse(id + " is not the checkpoint that the group names: its unique id is another"))
                .orElse(id + ", which the group names, is not there"));
    }
}
