package dev.cairn.worker.status;

/** Is told what happens in a worker. */
@FunctionalInterface
public interface WorkerListener {

    /** It has failed. Called once at most, on any thread. */
    void failed(Throwable cause);

    /** Someone has ended the job, and the worker has taken its last checkpoint. Called once at most, on any thread. */
    default void ended() {}

    /** A client of Kafka has been opened: an {@code Admin}, a consumer or a producer. By its opener: be quick. */
    default void opened(AutoCloseable client) {}

    /** A producer is being closed, while the worker continues. By its closer: be quick. */
    default void closing(AutoCloseable client) {}

    /** Something has happened. One at a time, in order, on a thread that no loop waits for. */
    default void happened(WorkerEvent event) {}
}
