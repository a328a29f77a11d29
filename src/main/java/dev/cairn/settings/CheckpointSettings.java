package dev.cairn.settings;

import java.time.Duration;

/**
 * When and where checkpoints are taken. Immutable.
 *
 * @param dir a {@code file:} URI or a plain path, below which each job has its directory
 * @param retained committed checkpoints kept per partition, at least 1
 * @param incremental whether checkpoints share files ({@code true}) or each carries all of its own
 * @param inlineThreshold deltas smaller than this are kept inside the checkpoint's metadata; at most 1 MB
 * @param interval time from the start of a checkpoint to the start of the next, at least 10 ms
 * @param mode the guarantee
 * @param timeout how long a checkpoint may take before it has failed, at least 1 ms
 * @param minPause least time from the end of a checkpoint to the start of the next, zero or more; may delay a
 *     checkpoint beyond {@code interval}
 * @param tolerableFailed checkpoints that may fail in a row before the worker ends, 0 or more
 */
public record CheckpointSettings(
        String dir,
        int retained,
        boolean incremental,
        MemorySize inlineThreshold,
        Duration interval,
        CheckpointMode mode,
        Duration timeout,
        Duration minPause,
        int tolerableFailed) {}
