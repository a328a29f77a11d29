package dev.cairn.worker.start;

import java.util.Map;

import dev.cairn.checkpoint.format.CheckpointMetadata;
import dev.cairn.checkpoint.store.Snapshot;

/** Where a partition starts. */
sealed interface StartPlan {

    /** The next offset of every input topic. */
    Map<String, Long> positions();

    /**
     * From a checkpoint of its own.
     *
     * @param uncommitted whether its start must be committed even if no record comes
     */
    record Restore(CheckpointMetadata checkpoint, Map<String, Long> positions, boolean uncommitted)
            implements StartPlan {}

    /** From a checkpoint that another cluster's job has taken, which it leaves untouched. */
    record Copy(CheckpointMetadata checkpoint, Map<String, Long> positions) implements StartPlan {}

    /** From what {@code execution.state-recovery.path} names. */
    record Begin(Snapshot snapshot, Map<String, Long> positions) implements StartPlan {}

    /**
     * With empty state.
     *
     * @param passingOver whether it leaves existing checkpoints untouched
     */
    record Empty(Map<String, Long> positions, boolean passingOver) implements StartPlan {}
}
