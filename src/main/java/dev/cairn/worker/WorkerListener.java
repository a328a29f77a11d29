package dev.cairn.worker;

/** Is told what happens in a worker. */
@FunctionalInterface
public interface WorkerListener {

    /** It has failed. Called once at most, on any thread. */
    void failed(Throwable cause);

    /** Somebody has ended the job, and the worker has taken its last checkpoint. Called once at most, on any thread. */
    default void ended() {}

    /** Something has happened. One at a time, in order, on a thread that no loop waits for. */
    default void happened(WorkerEvent event) {}
}
