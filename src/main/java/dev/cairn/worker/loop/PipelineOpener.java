package dev.cairn.worker.loop;

import java.util.List;

import dev.cairn.api.Processor;
import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.names.SettingNames;
import dev.cairn.settings.JobSettings;
import dev.cairn.state.AuthorError;
import dev.cairn.state.KeyedState;
import dev.cairn.state.PartitionTime;
import dev.cairn.worker.record.RecordPipeline;
import dev.cairn.worker.start.StartedPartition;
import dev.cairn.worker.status.StopWorkerException;

/** Creates the processor of a partition, and gives it the state that was restored. On the loop's thread. */
final class PipelineOpener {

    private final LoopContext context;

    PipelineOpener(LoopContext context) {
        this.context = context;
    }

    /**
     * Lets a processor declare what state it keeps.
     *
     * @throws StopWorkerException when it cannot be created, or does not declare all that is stored
     */
    StartedPartition.Opened open(int partition, StartedPartition.Ready ready) {
        Restored restored = ready.restored();
        KeyedState state = new KeyedState(
                restored.database(),
                context.memory(),
                restored.content().map(CheckpointMetadata::states).orElse(List.of()),
                time(restored));
        try {
            RecordPipeline pipeline = open(partition, create(), state);
            requireClaimed(state, restored);
            return new StartedPartition.Opened(ready, state, pipeline);
        } catch (RuntimeException e) {
            restored.close();
            throw e;
        }
    }

    private PartitionTime time(Restored restored) {
        JobSettings job = context.settings().job();
        PartitionTime time = new PartitionTime(job.outOfOrderness(), job.eventTimeIdle(), System::currentTimeMillis);
        time.start(
                job.inputTopics(),
                restored.content().map(CheckpointMetadata::eventTime).orElse(null));
        return time;
    }

    private Processor<?, ?, ?, ?> create() {
        try {
            return context.environment().processors().create();
        } catch (RuntimeException e) {
            throw new StopWorkerException("the processor cannot be created: " + AuthorError.describe(e), e);
        }
    }

    private <K, V, KOut, VOut> RecordPipeline open(
            int partition, Processor<K, V, KOut, VOut> processor, KeyedState state) {
        return RecordPipeline.open(
                partition,
                processor,
                state,
                context.errors(),
                context.settings().job(),
                context.outputs());
    }

    /** State that no one reads any more may be a typing error in a state's name, which would lose what was counted. */
    private void requireClaimed(KeyedState state, Restored restored) {
        List<String> unclaimed = state.unclaimed();
        if (!unclaimed.isEmpty() && !context.settings().recovery().ignoreUnclaimedState()) {
            throw new StopWorkerException("the processor declares no state named " + String.join(", ", unclaimed)
                    + ", but " + restored.content().orElseThrow().id() + " holds it. Declare it, or set"
                    + " " + SettingNames.IGNORE_UNCLAIMED_STATE + "=true to carry it on unread");
        }
    }
}
