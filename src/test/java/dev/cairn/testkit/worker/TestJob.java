package dev.cairn.testkit.worker;

import static org.awaitility.Awaitility.await;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.store.CheckpointStore;
import dev.cairn.storage.ObjectStore;
import dev.cairn.storage.ObjectStores;
import dev.cairn.testkit.Answers;
import dev.cairn.testkit.broker.Readers;
import dev.cairn.testkit.broker.TestBroker;
import dev.cairn.testkit.broker.Topics;
import dev.cairn.testkit.fault.StepGate;
import dev.cairn.testkit.verify.AggregateVerifier;
import dev.cairn.worker.record.ProcessorFactory;

/**
 * A job of a test's own: its topics, what was sent to them, what has to come out, and the settings of its workers. Used by
 * the test's thread only.
 */
public final class TestJob {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final AtomicInteger JOBS = new AtomicInteger();

    private final TestBroker broker;
    private Path directory;
    private final String name;
    private final List<String> inputs = new ArrayList<>();
    private final WorkerSettings settings = new WorkerSettings();
    private final AggregateVerifier verifier = new AggregateVerifier();
    private int partitions;

    /** A job with one input topic of this many partitions; its checkpoints and databases are below the directory. */
    public TestJob(TestBroker broker, Path directory, int partitions) {
        this.broker = broker;
        this.directory = directory;
        this.partitions = partitions;
        this.name = "job-" + ProcessHandle.current().pid() + "-" + JOBS.incrementAndGet();
        addInput();
        broker.createTopic(output(), partitions);
        settings.job(broker.bootstrapServers(), name)
                .writes(output())
                .threads(1)
                .statusEvery("0s")
                .checkpointsEvery("200ms")
                .checkpointsIn(checkpoints().toUri().toString());
        set("cairn.processor", "total");
        set("execution.checkpointing.timeout", "30s");
        set("kafka.session.timeout.ms", "6000");
        set("kafka.heartbeat.interval.ms", "300");
    }

    /** Adds one more input topic, co-partitioned with the others. @return its name */
    public String addInput() {
        String topic = name + "-in" + (inputs.isEmpty() ? "" : inputs.size());
        broker.createTopic(topic, partitions);
        inputs.add(topic);
        settings.reads(inputs.toArray(String[]::new));
        return topic;
    }

    /** Deletes an input topic; it stays among those that the workers are to read. */
    public void deleteInput(String topic) {
        Answers.of(broker.admin().deleteTopics(List.of(topic)).all());
    }

    /** A setting of all workers that are made from here on. */
    public TestJob set(String setting, String value) {
        settings.set(setting, value);
        return this;
    }

    /** From here on as on another cluster, of which no one knows the group, and with other directories. */
    public TestJob moveTo(Path elsewhere) {
        Answers.of(broker.admin().deleteConsumerGroups(List.of(name)).all());
        directory = elsewhere;
        settings.checkpointsIn(checkpoints().toUri().toString());
        return this;
    }

    /** The job's name, which is its consumer group. */
    public String name() {
        return name;
    }

    /** The first input topic. */
    public String input() {
        return inputs.get(0);
    }

    /** The output topic. */
    public String output() {
        return name + "-out";
    }

    /** Where the checkpoints are. */
    public Path checkpoints() {
        return directory.resolve("checkpoints");
    }

    /** Where a partition's checkpoints are. */
    public Path checkpoints(int partition) {
        return checkpoints().resolve(name).resolve("partition-" + partition);
    }

    /** All settings of a worker of this job. */
    public Map<String, String> settings(String instance) {
        return new WorkerSettings()
                .localStateIn(directory.resolve("local"))
                .set(settings.asMap())
                .instance(instance)
                .asMap();
    }

    /** A worker of this job that does not run yet, with nothing held. */
    public EmbeddedWorker worker(String instance) {
        return worker(instance, new StepGate(), UnaryOperator.identity());
    }

    /** A worker of this job that does not run yet, on a store of the test's making. */
    public EmbeddedWorker worker(String instance, StepGate gate, UnaryOperator<ObjectStore> objects) {
        return EmbeddedWorker.of(settings(instance), gate, objects);
    }

    /** A worker of this job that does not run yet, with a processor of the test's own. */
    public EmbeddedWorker worker(String instance, ProcessorFactory processors) {
        return EmbeddedWorker.of(settings(instance), processors, new StepGate(), UnaryOperator.identity());
    }

    /** A worker of this job that runs. */
    public EmbeddedWorker start(String instance) {
        return worker(instance).start();
    }

    /** Lets a worker take so many checkpoints, stops it in good order, and ends its membership. */
    public TestJob run(String instance, int checkpoints) {
        try (EmbeddedWorker worker = start(instance)) {
            worker.awaitRunning(0);
            for (int i = 0; i < checkpoints; i++) {
                send(20, 5);
                awaitCommitted();
            }
        }
        awaitNoMembers();
        return this;
    }

    /** Sends so many ones to each partition of each input, under so many keys in each partition. */
    public void send(int perPartition, int keys) {
        for (String topic : List.copyOf(inputs)) {
            send(topic, perPartition, keys);
        }
    }

    /** Sends so many ones to each partition of an input, under so many keys in each partition. */
    public void send(String topic, int perPartition, int keys) {
        for (int partition = 0; partition < partitions; partition++) {
            sendTo(topic, partition, perPartition, keys);
        }
    }

    /** Sends so many ones to a partition of the first input. */
    public void sendTo(int partition, int count, int keys) {
        sendTo(input(), partition, count, keys);
    }

    private void sendTo(String topic, int partition, int count, int keys) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(record(topic, partition, "p" + partition + "-k" + i % keys, "1"));
        }
        Topics.send(broker, records);
    }

    /** Sends a record with a value of its own to the first input's partition 0. */
    public void sendValue(String key, String value) {
        Topics.send(broker, List.of(record(input(), 0, key, value)));
    }

    private ProducerRecord<byte[], byte[]> record(String topic, int partition, String key, String value) {
        verifier.expect(key, new BigDecimal(value));
        return new ProducerRecord<>(topic, partition, TotalProcessor.bytes(key), TotalProcessor.bytes(value));
    }

    /** Sends ones that no worker of this job is meant to read. */
    public void sendUnexpected(int partition, int count) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(new ProducerRecord<>(
                    input(), partition, TotalProcessor.bytes("unexpected"), TotalProcessor.bytes("1")));
        }
        Topics.send(broker, records);
    }

    /** Writes records to the first input that are aborted. */
    public void abort(int partition, int count) {
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", name + "-aborts"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < count; i++) {
                @SuppressWarnings("unused") // Flushed.
                var sent = producer.send(new ProducerRecord<>(
                        input(), partition, TotalProcessor.bytes("aborted"), TotalProcessor.bytes("1")));
            }
            producer.flush();
            producer.abortTransaction();
        }
    }

    /** The next offset of a partition of the first input. */
    public long end(int partition) {
        return ends().get(new TopicPartition(input(), partition));
    }

    /** Ends the memberships of workers that have stopped, which would last as long as their sessions. */
    public void awaitNoMembers() {
        Answers.of(broker.admin()
                .removeMembersFromConsumerGroup(name, new RemoveMembersFromConsumerGroupOptions())
                .all());
    }

    /** As {@link #awaitNoMembers}, for one worker with one loop. */
    public TestJob removeMember(String instance) {
        Answers.of(broker.admin()
                .removeMembersFromConsumerGroup(
                        name, new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(instance + "-0"))))
                .all());
        return this;
    }

    /** Commits an offset for the group without being a member, as a client of old can. */
    public void commitBesideTheGroup(int partition, OffsetAndMetadata offset) {
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", name + "-beside"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(
                    Map.of(new TopicPartition(input(), partition), offset), new ConsumerGroupMetadata(name));
            producer.commitTransaction();
        }
    }

    /** Input records so far. */
    public long sent() {
        return verifier.inputs();
    }

    /** Waits until the group has committed everything that was sent. */
    public TestJob awaitCommitted() {
        Map<TopicPartition, Long> ends = ends();
        await("all input of " + name + " is committed").atMost(LIMIT).untilAsserted(() -> {
            Map<TopicPartition, OffsetAndMetadata> committed = committed();
            ends.forEach((partition, end) -> {
                OffsetAndMetadata offset = committed.get(partition);
                if (end > 0 && (offset == null || offset.offset() < end)) {
                    throw new AssertionError(partition + " is committed at " + offset + ", its end is " + end);
                }
            });
        });
        return this;
    }

    /** Checks that a {@code read_committed} reader sees every result once, and those of a key in order. */
    public void verifyExactlyOnce() {
        verifier.verifyExactlyOnce(Readers.readCommitted(broker, output()));
    }

    /** Checks that no result is missing. */
    public void verifyAtLeastOnce() {
        verifier.verifyAtLeastOnce(Readers.readCommitted(broker, output()));
    }

    private Map<TopicPartition, Long> ends() {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (String topic : inputs) {
            for (int partition = 0; partition < partitions; partition++) {
                latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
        }
        Map<TopicPartition, ListOffsetsResultInfo> ends =
                Answers.of(broker.admin().listOffsets(latest).all());
        return ends.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .offset()));
    }

    /** What the group has committed. */
    public Map<TopicPartition, OffsetAndMetadata> committed() {
        return Readers.committedOffsets(broker, name);
    }

    /** What the group has committed for a partition of the first input, once no transaction is about to change it. */
    public OffsetAndMetadata committed(int partition) {
        return Readers.committedOffset(broker, name, new TopicPartition(input(), partition));
    }

    /** The checkpoint that the group names for a partition of the first input; waits until there is one. */
    public CheckpointId named(int partition) {
        return await("a checkpoint of partition " + partition)
                .atMost(LIMIT)
                .until(() -> CheckpointId.fromPointer(committed(partition).metadata()), Optional::isPresent)
                .orElseThrow();
    }

    /** Reads the checkpoint that the group names. */
    public CheckpointMetadata namedCheckpoint(int partition) {
        CheckpointId named = named(partition);
        try (ObjectStore objects = ObjectStores.open(checkpoints().toString())) {
            return new CheckpointStore(objects, name, partition).read(named.number());
        }
    }

    /** Waits until the group is stable with so many members. */
    public void awaitMembers(int count) {
        await(count + " members of " + name).atMost(LIMIT).until(() -> {
            var group = Answers.of(broker.admin()
                    .describeConsumerGroups(List.of(name))
                    .describedGroups()
                    .get(name));
            return group.groupState() == GroupState.STABLE && group.members().size() == count;
        });
    }

    /** How many input topics there are. */
    public int inputCount() {
        return inputs.size();
    }

    /** What each member of the group has, by its name; empty in the middle of a rebalance. */
    public Map<String, Set<TopicPartition>> assignment() {
        var group = Answers.of(broker.admin()
                .describeConsumerGroups(List.of(name))
                .describedGroups()
                .get(name));
        Map<String, Set<TopicPartition>> assignment = new HashMap<>();
        if (group.groupState() == GroupState.STABLE) {
            group.members()
                    .forEach(member -> assignment.put(
                            member.groupInstanceId().orElseThrow(),
                            member.assignment().topicPartitions()));
        }
        return assignment;
    }

    /** Names of a worker's transactions. */
    public List<String> transactionalIds(String instance) {
        return List.of(name + "/cairn/" + instance + "-0/a", name + "/cairn/" + instance + "-0/b");
    }

    /** As {@link #transactionalIds}, of which the broker knows a transaction. */
    public List<String> transactionalIdsInUse(String instance) {
        Set<String> known = Answers.of(broker.admin().listTransactions().all()).stream()
                .map(TransactionListing::transactionalId)
                .collect(Collectors.toSet());
        return transactionalIds(instance).stream().filter(known::contains).toList();
    }

    /** Where a transaction stands. */
    public TransactionDescription transaction(String id) {
        return Answers.of(broker.admin().describeTransactions(List.of(id)).all())
                .get(id);
    }

    /** Whether offsets have been sent to a transaction that is open. */
    public boolean holdsOffsets(String id) {
        return transaction(id).topicPartitions().stream()
                .anyMatch(partition -> partition.topic().equals("__consumer_offsets"));
    }

    /** Fences a worker's producers, as a rebuilt one or an operator does. */
    public void fence(List<String> transactionalIds) {
        Answers.of(broker.admin().fenceProducers(transactionalIds).all());
    }
}
