package dev.cairn.worker;

/**
 * The start of the worker is over, for those who begin after it. Comes on the thread that starts the worker; a second time when
 * a worker that waited runs.
 *
 * @param isRunning whether the worker runs; otherwise its job has ended, and it waits until that is started again
 */
public record StartOver(boolean isRunning) {}
