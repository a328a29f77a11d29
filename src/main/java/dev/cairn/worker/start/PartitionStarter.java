package dev.cairn.worker.start;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import org.apache.kafka.common.TopicPartition;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.checkpoint.format.DamagedCheckpointException;
import dev.cairn.checkpoint.format.UnknownFormatException;
import dev.cairn.checkpoint.store.Progress;
import dev.cairn.checkpoint.write.Checkpointing;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.Settings;
import dev.cairn.storage.Clause;
import dev.cairn.storage.ObjectMissingException;
import dev.cairn.worker.start.StartedPartition.Parked;

/**
 * Starts a partition: reads what Kafka and the store say, decides where it starts, restores its state. Thread-safe; a start
 * blocks.
 */
public final class PartitionStarter {

    private final FactsReader reader;
    private final StartPlanner planner;
    private final StartExecutor executor;
    private final OlderStart older;

    public PartitionStarter(Settings settings, Checkpointing checkpointing, StartPath startPath, FactsReader reader) {
        InputsPlanner inputs =
                new InputsPlanner(settings.recovery(), checkpointing.clusterId(), new InputPositions(settings));
        this.reader = reader;
        this.planner = new StartPlanner(settings, checkpointing, startPath, inputs);
        this.executor = new StartExecutor(checkpointing, startPath);
        this.older = new OlderStart(settings.recovery().onDamage(), checkpointing.clusterId(), inputs, executor);
    }

    /**
     * Partitions have been assigned. Before their starts are called.
     *
     * @param inputs those of each partition
     * @param executor reads what Kafka says of all of them, and ends transactions of members that are gone
     */
    public void assigned(Map<Integer, List<TopicPartition>> inputs, Executor executor) {
        reader.assigned(inputs, executor);
    }

    /** Lets a checkpoint count as damaged from now on, whatever its files say. From any thread. */
    public void distrust(CheckpointId checkpoint, String cause) {
        executor.distrust(checkpoint, cause);
    }

    /**
     * Starts.
     *
     * @param inputs the partition, of every input topic
     * @param progress is told how much of its state has been fetched
     * @throws RuntimeException for what may pass by itself (the store or the broker is away, another loop has not let go
     *     of the database): to be called again
     */
    public StartedPartition start(int partition, List<TopicPartition> inputs, Progress progress) {
        InputFacts known = reader.first(partition, inputs);
        while (true) {
            try {
                return start(reader.with(partition, known), progress);
            } catch (DamagedCheckpointException | ObjectMissingException | UnfitException e) {
                // A slow restorer can be overtaken: the owner may have gone on and retired what the group named before.
                InputFacts now = reader.now(partition, inputs);
                if (now.committed().equals(known.committed())) {
                    return giveUp(e, partition, now, progress);
                }
                known = now;
            }
        }
    }

    private StartedPartition start(StartFacts facts, Progress progress) {
        StartPlan plan = planner.plan(facts);
        try {
            return executor.execute(plan, facts, progress);
        } catch (DamagedCheckpointException | ObjectMissingException e) {
            if (plan instanceof StartPlan.Begin) {
                return Parked.untilMended(Clause.of(e) + ". " + SettingNames.RECOVERY_PATH
                        + " names it: bring the object back, or name another path");
            }
            throw e;
        }
    }

    private StartedPartition giveUp(RuntimeException why, int partition, InputFacts now, Progress progress) {
        if (why instanceof UnfitException unfit) {
            return unfit.parked();
        }
        return why instanceof UnknownFormatException
                ? Parked.untilMended(why.getMessage())
                : older.start(reader.with(partition, now), why, progress);
    }
}
