package dev.cairn.worker;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.cairn.checkpoint.store.JobEnd;
import dev.cairn.settings.Settings;
import dev.cairn.worker.status.WorkerStatus;

/** What a worker watches once its loops run: the group, the end of the job, and itself for its log. */
record WorkerWatches(Settings settings, WorkerSurroundings around, Supplier<WorkerStatus> status) {

    /**
     * Looks from now on, until what is open is closed.
     *
     * @param onFailure is told why the worker cannot continue
     * @param onEnd is told that the job has ended
     */
    void start(WorkerClients kafka, Loops loops, Consumer<Throwable> onFailure, Consumer<JobEnd> onEnd) {
        ScheduledExecutorService watch = around.resources().timer("cairn-watch", 1);
        new GroupWatch(
                        settings,
                        kafka.checks(),
                        kafka.admin(),
                        loops.all(),
                        around.coverage(),
                        onFailure,
                        System::nanoTime)
                .start(watch);
        new JobEndWatch(around.store().objects(), settings.job().name(), onEnd)
                .start(around.resources().timer("cairn-end-watch", 1));
        new StatusLine(status).start(watch, settings.job().statusInterval());
    }
}
