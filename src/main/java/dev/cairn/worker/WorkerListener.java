package dev.cairn.worker;

/** Is told how a worker ends by itself. Called once, on any thread. */
@FunctionalInterface
public interface WorkerListener {

    /** It has failed. */
    void failed(Throwable cause);

    /** Somebody has ended the job, and the worker has taken its last checkpoint. */
    default void ended() {}
}
