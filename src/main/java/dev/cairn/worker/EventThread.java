package dev.cairn.worker;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import org.jboss.logging.Logger;

import dev.cairn.worker.status.WorkerEvent;
import dev.cairn.worker.status.WorkerListener;

/** Tells a listener what happens, on a thread of its own. */
record EventThread(WorkerListener listener, Executor thread) implements Consumer<WorkerEvent> {

    private static final Logger LOG = Logger.getLogger(EventThread.class);

    @Override
    public void accept(WorkerEvent event) {
        try {
            thread.execute(() -> listener.happened(event));
        } catch (RejectedExecutionException e) {
            LOG.debugf("not told, because the worker is closing: %s", event);
        }
    }
}
