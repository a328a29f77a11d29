package dev.cairn.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * When and where checkpoints are taken. Immutable.
 *
 * @param dir a {@code file:} URI or a plain path, below which each job has its directory
 * @param retained committed checkpoints kept per partition, at least 1
 * @param retention what stays when the job is cancelled
 * @param savepointsDir where savepoints go that are given no other place
 * @param allowedSavepointDirs where else callers of a worker may have them made
 * @param async whether records are processed while a checkpoint is written
 * @param incremental whether checkpoints share files ({@code true}) or each carries all of its own
 * @param inlineThreshold deltas smaller than this are kept inside the checkpoint's metadata; at most 1 MB
 * @param writeBuffer buffer for writing a file to the store; at least {@code inlineThreshold} is used
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
        Retention retention,
        Optional<String> savepointsDir,
        List<String> allowedSavepointDirs,
        boolean async,
        boolean incremental,
        MemorySize inlineThreshold,
        MemorySize writeBuffer,
        Duration interval,
        CheckpointMode mode,
        Duration timeout,
        Duration minPause,
        int tolerableFailed) {}
