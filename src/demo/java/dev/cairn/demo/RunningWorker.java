package dev.cairn.demo;

import java.time.Duration;

import dev.cairn.testkit.worker.WorkerProcess;

/** A worker that is given the time for its last checkpoint. */
record RunningWorker(WorkerProcess process, Console console) implements AutoCloseable {

    private static final Duration LAST_CHECKPOINT_LIMIT = Duration.ofSeconds(60);

    /** Returns when it has ended. */
    @Override
    public void close() {
        if (!process.isAlive()) {
            return;
        }
        console.demo("waiting for the worker's last checkpoint");
        try {
            process.terminate(LAST_CHECKPOINT_LIMIT);
        } catch (AssertionError e) {
            console.demo("the worker is not done after %s s and is killed; it will resume from the checkpoint before"
                    .formatted(LAST_CHECKPOINT_LIMIT.toSeconds()));
            process.kill9();
        }
    }
}
