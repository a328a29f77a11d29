package dev.cairn.worker.start;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.worker.group.GroupOffsets;
import dev.cairn.worker.group.InputTopic;
import dev.cairn.worker.group.InputTopics;
import dev.cairn.worker.output.TransactionFencer;

/** Reads what Kafka and the store say of partitions that start. Thread-safe; calls block. */
public final class FactsReader {

    private static final Logger LOG = Logger.getLogger(FactsReader.class);

    /** One partition with a pending transaction holds up the answer for all of an assignment, so they wait less for it. */
    private static final Duration ASSIGNMENT_LIMIT = Duration.ofSeconds(2);

    private final Checkpointing checkpointing;
    private final GroupOffsets group;
    private final InputTopics topics;
    private final TransactionFencer fencer;
    private final AssignedInputs assigned;

    public FactsReader(Checkpointing checkpointing, GroupOffsets group, InputTopics topics, TransactionFencer fencer) {
        this.checkpointing = checkpointing;
        this.group = group;
        this.topics = topics;
        this.fencer = fencer;
        this.assigned = new AssignedInputs(inputs -> read(inputs, group.committed(inputs, ASSIGNMENT_LIMIT)));
    }

    /**
     * Reads what Kafka says of the inputs of an assignment, by the same few requests for all partitions, and ends transactions
     * that members left behind who are gone: they hold up the offsets, and the readers of the output. In parallel with the starts; one
     * that meets such a transaction first waits for its end.
     */
    void assigned(Map<Integer, List<TopicPartition>> inputs, Executor executor) {
        executor.execute(() -> fencer.fenceAbsentMembers(List.of()));
        executor.execute(assigned.of(inputs));
    }

    /** What Kafka says of a partition that starts: what was read for its assignment, if it is the first attempt. */
    InputFacts first(int partition, List<TopicPartition> inputs) {
        return assigned.take(partition, inputs).orElseGet(() -> now(partition, inputs));
    }

    /** What Kafka says of a partition now. */
    InputFacts now(int partition, List<TopicPartition> inputs) {
        return read(inputs, committed(partition, inputs));
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(int partition, List<TopicPartition> inputs) {
        try {
            return group.committed(inputs);
        } catch (TimeoutException e) {
            LOG.infof(
                    "partition %s: its offsets are held up, perhaps by the transaction of a worker that is gone",
                    partition);
            fencer.fenceAbsentMembers(newestWriters(partition));
            throw e;
        }
    }

    /** Of inputs that do not exist, no bounds are asked: the answer would only come with them. */
    private InputFacts read(List<TopicPartition> inputs, Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<String, InputTopic> now = topics.read();
        return new InputFacts(
                inputs,
                now,
                committed,
                group.bounds(inputs.stream()
                        .filter(input -> now.containsKey(input.topic())
                                && input.partition() < now.get(input.topic()).partitionCount())
                        .collect(Collectors.toSet())));
    }

    private List<String> newestWriters(int partition) {
        CheckpointStore store = checkpointing.store(partition);
        return store.list().numbers().stream()
                .limit(2)
                .flatMap(number -> {
                    try {
                        return store.read(number).writtenBy().transactionalIds().stream();
                    } catch (DamagedCheckpointException | ObjectMissingException e) {
                        return Stream.<String>empty();
                    }
                })
                .distinct()
                .toList();
    }

    /**
     * Adds what the store holds.
     *
     * @throws JobEndedException when the group names no checkpoint, and the job has ended: a job that was cancelled is marked as
     *     ended before its checkpoints are deleted. A worker that looks for the mark after it has looked for checkpoints never
     *     takes a job whose checkpoints were deleted for a new one
     */
    StartFacts with(int partition, InputFacts inputs) {
        Optional<CheckpointId> pointer = inputs.pointer();
        CheckpointStore store = checkpointing.store(partition);
        CheckpointStore.Listing listing = store.list().naming(pointer);
        if (pointer.isEmpty()) {
            JobEnd.read(checkpointing.objects(), checkpointing.job()).ifPresent(end -> {
                throw new JobEndedException(checkpointing.job(), end);
            });
        }
        return new StartFacts(partition, inputs, store, listing);
    }
}
