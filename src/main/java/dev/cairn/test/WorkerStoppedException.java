package dev.cairn.test;

/**
 * A worker would have ended here, with this message: a record cannot be processed and {@code cairn.errors} is {@code fail},
 * the processor declares what cannot be, or a serde cannot write a state. The cause is what the processor has thrown, where
 * there is such a thing.
 *
 * <p>The test may look at state and results. To process the record again, as the next start of a worker does, it calls {@link
 * ProcessorTest#restart()}.
 */
public final class WorkerStoppedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WorkerStoppedException(String message, Throwable cause) {
        super(message, cause);
    }
}
