/**
 * The loop, its partitions and its checkpoint in flight: one thread that polls, processes, emits and takes checkpoints.
 */
package dev.cairn.worker.loop;
