package dev.cairn.worker.loop;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;

import dev.cairn.checkpoint.write.CheckpointObserver;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.checkpoint.write.CleanUp;
import dev.cairn.settings.CheckpointMode;
import dev.cairn.settings.Settings;
import dev.cairn.state.StateMemory;
import dev.cairn.worker.group.GroupDirectory;
import dev.cairn.worker.group.GroupMember;
import dev.cairn.worker.group.GroupOffsets;
import dev.cairn.worker.group.InputTopics;
import dev.cairn.worker.group.Membership;
import dev.cairn.worker.output.EndWatch;
import dev.cairn.worker.output.KafkaClients;
import dev.cairn.worker.output.OutputWatch;
import dev.cairn.worker.output.Outputs;
import dev.cairn.worker.output.PlainOutputs;
import dev.cairn.worker.output.TransactionCounts;
import dev.cairn.worker.output.TransactionalOutputs;
import dev.cairn.worker.output.TransactionalProducer;
import dev.cairn.worker.record.ProcessorFactory;
import dev.cairn.worker.record.RecordErrors;
import dev.cairn.worker.start.PartitionStarter;
import dev.cairn.worker.status.WorkerEvent;

/**
 * Puts loops together: each with a consumer, producers and memory of its own, over what all loops of a worker share.
 *
 * @param settings of the worker
 * @param processors makes the job's processor
 * @param clients opens Kafka's clients
 * @param configs what they are configured with
 * @param watch waits for producers
 * @param memory what a loop may use
 * @param directory who has which partition
 * @param checkpointing what the partitions share for their checkpoints
 * @param starter starts partitions
 * @param group the group's offsets
 * @param topics what the inputs are
 * @param observer is told of every step of every checkpoint
 * @param threads who does what beside the loops
 * @param events is told what happens
 * @param end whether the worker is to end
 */
public record LoopFactory(
        Settings settings,
        ProcessorFactory processors,
        KafkaClients clients,
        ClientConfigs configs,
        OutputWatch watch,
        MemoryBudget memory,
        GroupDirectory directory,
        Checkpointing checkpointing,
        PartitionStarter starter,
        GroupOffsets group,
        InputTopics topics,
        CheckpointObserver observer,
        Threads threads,
        Consumer<WorkerEvent> events,
        EndWatch end) {

    private static final int DEFAULT_MAX_POLL_INTERVAL_MILLIS = 300_000;

    /**
     * Who does what beside the loops.
     *
     * @param io writes checkpoints
     * @param bases uploads what can wait
     * @param restores starts partitions
     * @param cleanUp deletes what is not needed any more
     * @param behind commits the checkpoints of a loop, by its number
     */
    public record Threads(
            ExecutorService io,
            ExecutorService bases,
            ScheduledExecutorService restores,
            CleanUp cleanUp,
            IntFunction<ExecutorService> behind) {}

    /** A loop that has not been started. */
    public Loop create(int number) {
        Map<String, Object> consumerConfig = configs.consumer(number);
        Duration session = Duration.ofMillis(number(consumerConfig, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 15_000));
        Duration mostBetweenPolls = Duration.ofMillis(
                number(consumerConfig, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, DEFAULT_MAX_POLL_INTERVAL_MILLIS));
        GroupMember member =
                new GroupMember(configs.memberId(number), directory, new Membership(session, mostBetweenPolls));
        consumerConfig.put(GroupMember.CONFIG, member);
        KafkaConsumer<byte[], byte[]> consumer = clients.consumer(consumerConfig);
        member.of(consumer);
        LoopStatus status = new LoopStatus();
        status.broker().of(consumer.metrics());
        Outputs outputs = outputs(number, status.transactions());
        StateMemory stateMemory = stateMemory();
        RecordErrors errors = new RecordErrors(settings.job(), outputs, status);
        ExecutorService behind = threads.behind().apply(number);
        LoopPartitions partitions = new LoopPartitions(
                settings.job(),
                settings.recovery().ignoreUnclaimedState(),
                consumer,
                outputs,
                stateMemory,
                errors,
                checkpointing,
                starter,
                processors,
                threads.restores(),
                status,
                settings.job().instance(),
                events);
        LoopCheckpoints checkpoints = new LoopCheckpoints(
                settings.job().instance(),
                number,
                settings.checkpoints(),
                consumer,
                outputs,
                stateMemory,
                group,
                new InputGuard(topics),
                observer,
                member.membership(),
                session.dividedBy(2),
                threads.io(),
                behind,
                threads.bases(),
                threads.cleanUp(),
                status,
                events,
                checkpointing.objects()::status,
                end,
                new KafkaRefusals(settings));
        return new Loop(
                number,
                settings,
                consumer,
                outputs,
                partitions,
                checkpoints,
                new InputFlow(
                        settings.job(),
                        consumer,
                        partitions,
                        number(
                                consumerConfig,
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                ConsumerConfig.DEFAULT_MAX_POLL_RECORDS),
                        memory.fetchBytes()),
                errors,
                status,
                new PollGap(mostBetweenPolls),
                lastCheckpointLimit(mostBetweenPolls),
                events,
                member,
                end);
    }

    private StateMemory stateMemory() {
        return switch (settings.local().backend()) {
            case ROCKSDB -> StateMemory.caching(memory.changesBytes(), memory.tablesBytes());
            case HASHMAP -> StateMemory.holdingAll(memory.changesBytes(), memory.tablesBytes());
        };
    }

    private Outputs outputs(int number, TransactionCounts transactions) {
        boolean hasOutput = settings.job().outputTopic().isPresent()
                || settings.job().deadLetterTopic().isPresent();
        if (!hasOutput || settings.checkpoints().mode() == CheckpointMode.AT_LEAST_ONCE) {
            return new PlainOutputs(configs::producer, clients, watch);
        }
        String a = configs.transactionalId(number, 'a').toString();
        String b = configs.transactionalId(number, 'b').toString();
        return new TransactionalOutputs(
                new TransactionalProducer(a, () -> configs.transactionalProducer(a), clients, watch, transactions),
                new TransactionalProducer(b, () -> configs.transactionalProducer(b), clients, watch, transactions));
    }

    /** Well inside of what the group waits for: otherwise somebody else has the partition before it is given up. */
    private Duration lastCheckpointLimit(Duration mostBetweenPolls) {
        Duration half = mostBetweenPolls.dividedBy(2);
        return half.compareTo(settings.checkpoints().timeout()) < 0
                ? half
                : settings.checkpoints().timeout();
    }

    private static int number(Map<String, Object> config, String name, int otherwise) {
        Object value = config.get(name);
        return value == null ? otherwise : Integer.parseInt(value.toString());
    }
}
