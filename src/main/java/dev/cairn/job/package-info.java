/**
 * What can be done to a whole job from outside of its loops: where its group points, a savepoint, stop, cancel, start.
 *
 * <p>{@link dev.cairn.job.JobOperations} is the way in, for commands as for workers. It takes stores and settings as plain
 * arguments, and blocks. What cannot be done is a {@link dev.cairn.job.JobException}.
 */
package dev.cairn.job;
