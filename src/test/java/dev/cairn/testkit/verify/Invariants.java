package dev.cairn.testkit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.local.LocalDirectory;
import dev.cairn.checkpoint.local.PartitionRestorer;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.state.RocksResources;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;

/**
 * What must hold of a job of the processor {@code aggregate} with one input topic, at any moment when none of its workers
 * runs: after a kill as well as after a stop in good order. Failures are {@link AssertionError}s.
 */
public final class Invariants {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long CACHE_BYTES = 8 << 20;

    private final TestBroker broker;
    private final String job;
    private final String input;
    private final JsonPointer value;
    private final Path checkpoints;
    private final Path scratch;

    /**
     * For a job.
     *
     * @param input its input topic
     * @param valuePointer where the input's values have the number that is aggregated
     * @param checkpoints the directory that {@code state.checkpoints.dir} names
     * @param scratch a directory for restored databases
     */
    public Invariants(
            TestBroker broker, String job, String input, String valuePointer, Path checkpoints, Path scratch) {
        this.broker = broker;
        this.job = job;
        this.input = input;
        this.value = JsonPointer.compile(valuePointer);
        this.checkpoints = checkpoints;
        this.scratch = scratch;
    }

    /**
     * In the store: every checkpoint that can be seen has all its objects as they were written, and the one that the group
     * names restores to exactly what the inputs up to its positions make.
     *
     * @return how many partitions have a committed checkpoint
     */
    public int assertStoreHolds() {
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        Map<Integer, List<ConsumerRecord<String, String>>> inputs = inputs();
        for (int partition : inputs.keySet()) {
            StoredCheckpoints stored = stored(partition);
            stored.all().values().forEach(stored::assertWhole);
            OffsetAndMetadata offset = committed.get(new TopicPartition(input, partition));
            if (offset != null) {
                CheckpointId pointer = pointer(offset);
                JsonNode metadata = stored.all().get(pointer.number());
                assertThat(metadata)
                        .as("%s, which the group names for partition %d", pointer, partition)
                        .isNotNull();
                assertThat(metadata.get("uid").asText()).isEqualTo(pointer.uid());
                assertThat(position(metadata))
                        .as("position of %s of partition %d", pointer, partition)
                        .isEqualTo(offset.offset());
                assertIs(restored(partition, pointer), metadata, inputs.get(partition));
            }
        }
        return committed.size();
    }

    /**
     * On the disk of a worker that was killed: each database is at a committed checkpoint, the one that the group names or
     * one before it, and holds exactly what that one holds.
     */
    public void assertDiskHolds(Path localRoot, String instance) {
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        inputs().forEach((partition, records) -> {
            LocalDatabase local = LocalDatabase.read(database(localRoot, instance, partition));
            OffsetAndMetadata offset = committed.get(new TopicPartition(input, partition));
            if (local.uid().isEmpty()) {
                assertThat(local.values())
                        .as("content of the database of partition %d without identity", partition)
                        .isEmpty();
                return;
            }
            assertThat(offset)
                    .as("committed offset of partition %d, whose database says %s", partition, local.identity())
                    .isNotNull();
            Map<Long, JsonNode> all = stored(partition).all();
            JsonNode named = all.get(pointer(offset).number());
            assertThat(line(named, all))
                    .as("committed checkpoints of partition %d", partition)
                    .contains(local.uid().get());
            Optional<JsonNode> at = all.values().stream()
                    .filter(each -> each.get("uid").asText().equals(local.uid().get()))
                    .findAny();
            assertThat(at)
                    .as("the checkpoint that the database of partition %d is at, still retained", partition)
                    .isPresent();
            assertIs(local, at.get(), records);
        });
    }

    /** After a stop in good order: exactly so many checkpoints are left of each partition, and nothing else. */
    public void assertTidy(int retained) {
        for (int partition : inputs().keySet()) {
            StoredCheckpoints stored = stored(partition);
            Map<Long, JsonNode> all = stored.all();
            assertThat(all).as("checkpoints of partition %d", partition).hasSizeLessThanOrEqualTo(retained);
            if (all.get(all.keySet().stream().min(Long::compare).orElseThrow()).has("parent")) {
                // There were more than these, so that as many stay as may.
                assertThat(all).as("checkpoints of partition %d", partition).hasSize(retained);
            }
            assertThat(stored.orphans())
                    .as("objects of no checkpoint of partition %d", partition)
                    .isEmpty();
            long newest = stored.all().keySet().stream().max(Long::compare).orElseThrow();
            assertThat(stored.paths()).as("marker of the newest one").contains("chk-" + newest + "/_committed");
        }
    }

    /** Objects of the job that are part of no checkpoint: what a clean-up that was cut off has left. */
    public List<String> orphans() {
        return inputs().keySet().stream()
                .flatMap(partition ->
                        stored(partition).orphans().stream().map(path -> "partition-" + partition + "/" + path))
                .toList();
    }

    /** How many inputs lie behind the positions of committed checkpoints. */
    public long backlog() {
        Map<TopicPartition, OffsetAndMetadata> committed = committed();
        long backlog = 0;
        for (Map.Entry<Integer, List<ConsumerRecord<String, String>>> each : inputs().entrySet()) {
            OffsetAndMetadata offset = committed.get(new TopicPartition(input, each.getKey()));
            backlog += each.getValue().stream()
                    .filter(next -> offset == null || next.offset() >= offset.offset())
                    .count();
        }
        return backlog;
    }

    /** A transaction whose outcome is decided may take a moment to be seen in the group's offsets. */
    private Map<TopicPartition, OffsetAndMetadata> committed() {
        await("decided transactions are through").atMost(LIMIT).until(() -> Answers.of(broker.admin()
                        .listTransactions(new ListTransactionsOptions()
                                .filterStates(List.of(TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT)))
                        .all())
                .isEmpty());
        Map<TopicPartition, OffsetAndMetadata> committed =
                new TreeMap<>((a, b) -> Integer.compare(a.partition(), b.partition()));
        committed.putAll(Answers.of(broker.admin().listConsumerGroupOffsets(job).partitionsToOffsetAndMetadata()));
        committed.values().removeIf(offset -> offset == null);
        return committed;
    }

    private Map<Integer, List<ConsumerRecord<String, String>>> inputs() {
        return Readers.readCommitted(broker, input).partitions();
    }

    private StoredCheckpoints stored(int partition) {
        return new StoredCheckpoints(checkpoints.resolve(job).resolve("partition-" + partition));
    }

    private static CheckpointId pointer(OffsetAndMetadata offset) {
        return CheckpointId.fromPointer(offset.metadata())
                .orElseThrow(() -> new AssertionError("the group's offset names no checkpoint: " + offset));
    }

    private long position(JsonNode metadata) {
        for (JsonNode position : metadata.get("positions")) {
            if (position.get("topic").asText().equals(input)) {
                return position.get("offset").asLong();
            }
        }
        throw new AssertionError("no position of " + input + " in " + metadata);
    }

    /** The unique ids of a checkpoint and of those before it, as far as they are known. */
    private static Set<String> line(JsonNode checkpoint, Map<Long, JsonNode> all) {
        Set<String> line = new HashSet<>();
        JsonNode next = checkpoint;
        while (next != null) {
            line.add(next.get("uid").asText());
            JsonNode parent = next.get("parent");
            if (parent == null || parent.isNull()) {
                break;
            }
            line.add(parent.get("uid").asText());
            next = all.get(parent.get("number").asLong());
        }
        return line;
    }

    /** By the code that workers restore with. */
    private LocalDatabase restored(int partition, CheckpointId pointer) {
        LocalDirectory local = LocalDirectory.of(List.of(scratch), job, "invariants", partition);
        try (ObjectStore objects = ObjectStores.open(checkpoints.toString());
                RocksResources resources = new RocksResources(CACHE_BYTES)) {
            CheckpointStore store = new CheckpointStore(objects, job, partition);
            new PartitionRestorer(job, partition, store, local, resources, false, Runnable::run, Progress.NONE)
                    .restore(store.read(pointer.number()), store.list())
                    .close();
        }
        return LocalDatabase.read(database(scratch, "invariants", partition));
    }

    private Path database(Path root, String instance, int partition) {
        return root.resolve(job)
                .resolve(instance)
                .resolve("partition-" + partition)
                .resolve("db");
    }

    private void assertIs(LocalDatabase database, JsonNode metadata, List<ConsumerRecord<String, String>> records) {
        String where = "chk-%s of partition %s"
                .formatted(
                        metadata.get("number").asLong(),
                        metadata.get("partition").asInt());
        assertThat(database.uid())
                .as("identity at %s", where)
                .contains(metadata.get("uid").asText());
        String prefix =
                String.format(Locale.ROOT, "%04x/", metadata.at("/states/0/id").asInt());
        Map<String, AggregateVerifier.Aggregate> expected = fold(records, position(metadata));
        assertThat(database.values().keySet()).as("keys at %s", where).isEqualTo(withPrefix(prefix, expected.keySet()));
        expected.forEach((key, aggregate) -> assertThat(database.values().get(prefix + key))
                .as("value of key %s at %s; wanted is %s", key, where, aggregate)
                .matches(text -> AggregateVerifier.parse(text)
                        .filter(aggregate::equalsUpToRounding)
                        .isPresent()));
    }

    private static Set<String> withPrefix(String prefix, Set<String> keys) {
        Set<String> names = new HashSet<>();
        keys.forEach(key -> names.add(prefix + key));
        return names;
    }

    private Map<String, AggregateVerifier.Aggregate> fold(List<ConsumerRecord<String, String>> records, long position) {
        Map<String, AggregateVerifier.Aggregate> fold = new TreeMap<>();
        for (ConsumerRecord<String, String> next : records) {
            if (next.offset() < position) {
                JsonNode number = number(next);
                fold.merge(
                        next.key(),
                        AggregateVerifier.Aggregate.of(number.decimalValue()),
                        (before, ignored) -> before.plus(number.decimalValue()));
            }
        }
        return fold;
    }

    private JsonNode number(ConsumerRecord<String, String> next) {
        try {
            return MAPPER.readTree(next.value().getBytes(StandardCharsets.UTF_8))
                    .at(value);
        } catch (IOException e) {
            throw new IllegalStateException("an input that is no JSON: " + next, e);
        }
    }
}
