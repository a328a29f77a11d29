package dev.cairn.worker.loop;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.checkpoint.write.CleanUp;
import dev.cairn.settings.Settings;
import dev.cairn.worker.group.GroupDirectory;
import dev.cairn.worker.group.GroupOffsets;
import dev.cairn.worker.group.InputTopics;
import dev.cairn.worker.output.EndWatch;
import dev.cairn.worker.output.KafkaClients;
import dev.cairn.worker.output.OutputWatch;
import dev.cairn.worker.record.ProcessorFactory;
import dev.cairn.worker.start.PartitionStarter;
import dev.cairn.worker.status.WorkerEvent;

/**
 * What all loops of a worker share.
 *
 * @param settings of the worker
 * @param processors makes the job's processor
 * @param kafka the cluster, the group and the topics
 * @param memory what a loop may use
 * @param checkpointing what the partitions share for their checkpoints
 * @param starter starts partitions
 * @param threads for work outside of the loops
 * @param events is told what happens
 */
public record LoopEnvironment(
        Settings settings,
        ProcessorFactory processors,
        Kafka kafka,
        MemoryBudget memory,
        Checkpointing checkpointing,
        PartitionStarter starter,
        Threads threads,
        Consumer<WorkerEvent> events) {

    /**
     * The cluster, the group and the topics.
     *
     * @param clients opens Kafka's clients
     * @param configs what they are configured with
     * @param watch waits for producers
     * @param directory who has which partition
     * @param group the group's offsets
     * @param topics what the inputs are
     * @param end whether the worker is to end, and whether Kafka still answers
     */
    public record Kafka(
            KafkaClients clients,
            ClientConfigs configs,
            OutputWatch watch,
            GroupDirectory directory,
            GroupOffsets group,
            InputTopics topics,
            EndWatch end) {}

    /**
     * The threads for work outside of the loops.
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
}
