/**
 * The worker: loops that poll, process, emit and take checkpoints, and the group's callbacks.
 *
 * <p>{@link dev.cairn.worker.Worker} has one {@code Loop} per core. A loop is a member of the consumer group with its own
 * partitions and its own outputs, and the only thread that touches them. What takes time (sorting, uploading, committing,
 * restoring) happens behind it and comes back as a state that the loop looks at between records.
 *
 * <p>Errors are typed by what to do about them: {@link dev.cairn.worker.status.RollBackException} goes back to the last
 * checkpoint, {@link dev.cairn.worker.status.StopWorkerException} ends this worker, and what can be retried is retried where
 * it happens.
 *
 * <p>This package is the process: lifecycle, wiring, and the reader of state. Each package below may use those before it:
 * {@code status}, {@code group}, {@code output}, {@code record}, {@code start}, {@code loop}.
 */
package dev.cairn.worker;
