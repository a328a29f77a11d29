package dev.cairn.worker.loop;

import java.time.Duration;
import java.time.Instant;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.local.Restored;
import dev.cairn.checkpoint.store.Snapshot;
import dev.cairn.worker.start.StartedPartition;
import dev.cairn.worker.status.StopWorkerException;
import dev.cairn.worker.status.WorkerEvent;

/** Runs the processor of a job over restored state, and says so. On the loop's thread. */
final class PartitionOpener {

    private final LoopContext context;
    private final PipelineOpener pipelines;
    private final RestoredPartitions running = new RestoredPartitions(System::nanoTime);

    PartitionOpener(LoopContext context) {
        this.context = context;
        this.pipelines = new PipelineOpener(context);
    }

    /**
     * Lets a processor declare what state it keeps.
     *
     * @throws StopWorkerException when it cannot be created, or does not declare all that is stored
     */
    StartedPartition.Opened open(int partition, StartedPartition.Ready ready) {
        return pipelines.open(partition, ready);
    }

    /** Lets a partition run: its inputs are read from where its state is. */
    void run(PartitionTask task, StartedPartition.Opened opened) {
        StartedPartition.Ready ready = opened.ready();
        Restored restored = ready.restored();
        Duration took = Duration.between(task.attempts().progress().info().startedAt(), Instant.now());
        RunningPartition started = task.run(
                opened,
                context.environment()
                        .checkpointing()
                        .resume(
                                task.partition(),
                                restored,
                                ready.claim(),
                                context.outputs().transactionalIds()));
        for (InputCursor cursor : started.cursors()) {
            context.consumer().seek(cursor.input(), cursor.position());
        }
        context.consumer().resume(task.inputs());
        context.tell(restored(task.partition(), restored, took));
        running.add(new RestoredPartitions.Entry(
                task.partition(),
                restored.source(),
                named(restored),
                restored.fetchedBytes(),
                ready.positions().toString()));
    }

    private WorkerEvent restored(int partition, Restored restored, Duration took) {
        return new WorkerEvent.PartitionRestored(
                Instant.now(),
                context.worker(),
                partition,
                restored.source(),
                restored.content().map(CheckpointMetadata::number).orElse(0L),
                restored.begunFrom()
                        .map(Snapshot::location)
                        .or(() -> restored.checkpoint().map(checkpoint -> context.environment()
                                .checkpointing()
                                .store(partition)
                                .locationOf(checkpoint.number())))
                        .orElse(""),
                restored.fetchedBytes(),
                took);
    }

    private static String named(Restored restored) {
        return restored.begunFrom()
                .filter(snapshot -> restored.source() == Restored.Source.PATH)
                .map(Snapshot::location)
                .or(() ->
                        restored.checkpoint().map(checkpoint -> checkpoint.id().toString()))
                .orElse("");
    }

    /** What there is to say of partitions that run again, and is not logged yet. */
    RestoredPartitions running() {
        return running;
    }
}
