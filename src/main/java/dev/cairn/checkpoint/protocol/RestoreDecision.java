package dev.cairn.checkpoint.protocol;

import java.util.Optional;

import dev.cairn.checkpoint.format.CheckpointId;
import dev.cairn.names.SettingNames;

/**
 * Where a partition starts: the table of the protocol, as a pure function.
 *
 * <table>
 *   <caption>What decides</caption>
 *   <tr><th>committed offset</th><th>pointer</th><th>checkpoints in storage</th><th>then</th></tr>
 *   <tr><td>yes</td><td>yes</td><td>any</td><td>restore the named one; missing or damaged is found out by restoring</td></tr>
 *   <tr><td>yes</td><td>no</td><td>none</td><td>a group that moves to Cairn: empty state, at the committed offset</td></tr>
 *   <tr><td>yes</td><td>no</td><td>some</td><td>someone reset the offsets: park, unless the setting decides</td></tr>
 *   <tr><td>no</td><td>-</td><td>some</td><td>the group expired or the cluster is new: the newest known to be
 *       committed</td></tr>
 *   <tr><td>no</td><td>-</td><td>none</td><td>a new job: empty state, at the configured start</td></tr>
 * </table>
 */
public sealed interface RestoreDecision {

    /** Restore the checkpoint that the group names. */
    record RestoreNamed(CheckpointId id) implements RestoreDecision {}

    /** Restore the newest checkpoint known to be committed; the group names none. */
    record RestoreNewestCommitted(String why) implements RestoreDecision {}

    /** Start with empty state at the committed offsets. */
    record StartAtCommittedOffsets(String why) implements RestoreDecision {}

    /** Start with empty state where {@code cairn.input.start} says. */
    record StartAtInputStart() implements RestoreDecision {}

    /** Park the partition until a person has decided. */
    record Park(String cause) implements RestoreDecision {}

    /** What to do when a partition's committed offset names no checkpoint although the store has some. */
    enum OnReset {
        /** The partition waits for a decision; the others keep running. */
        PARK,
        /** The newest committed checkpoint is restored, and its positions replace the committed offset. */
        USE_CHECKPOINT,
        /** The state starts empty, at the committed offset. */
        FRESH_STATE
    }

    /**
     * Decides.
     *
     * @param hasOffsets whether the group has a committed offset for the partition
     * @param pointer what the offset's metadata names
     * @param hasCheckpoints whether the store has checkpoints of the partition
     * @param onReset what the settings say
     */
    static RestoreDecision decide(
            boolean hasOffsets, Optional<CheckpointId> pointer, boolean hasCheckpoints, OnReset onReset) {
        if (hasOffsets && pointer.isPresent()) {
            return new RestoreNamed(pointer.get());
        }
        if (!hasCheckpoints) {
            return hasOffsets
                    ? new StartAtCommittedOffsets("the group has offsets, but no checkpoint yet")
                    : new StartAtInputStart();
        }
        if (!hasOffsets) {
            return new RestoreNewestCommitted(
                    "the group has no offsets (they expired, a topic was deleted, or the cluster is new)");
        }
        return switch (onReset) {
            case PARK ->
                new Park("the group's offsets were reset by someone else: they name no checkpoint, but the store"
                        + " has some. Set " + SettingNames.ON_RESET
                        + "=use-checkpoint to continue from the newest one and ignore the"
                        + " reset, or =fresh-state to start with empty state at the reset offsets");
            case USE_CHECKPOINT -> new RestoreNewestCommitted("the group's offsets were reset, and are ignored");
            case FRESH_STATE -> new StartAtCommittedOffsets("the group's offsets were reset");
        };
    }
}
