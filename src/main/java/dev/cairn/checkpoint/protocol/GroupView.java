package dev.cairn.checkpoint.protocol;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

import dev.cairn.checkpoint.format.CheckpointId;

/**
 * What is known of a job's consumer group, as far as one partition is concerned.
 *
 * @param named the checkpoints that its committed offsets name; none where it names none, or was not asked
 * @param members whether anyone may be writing checkpoints
 */
public record GroupView(Set<CheckpointId> named, Members members) {

    /** Of someone who goes by the store only. */
    public static final GroupView NOT_ASKED = new GroupView(Set.of(), Members.NOT_KNOWN);

    public GroupView {
        named = Set.copyOf(named);
    }

    /** Whether a group has members. */
    public enum Members {
        /** No one takes checkpoints. */
        NONE,
        /** Workers run. */
        SOME,
        /** Workers may run. */
        NOT_KNOWN
    }

    /** The checkpoint that the group continues from: the newest, where the offsets of several topics differ. */
    public Optional<CheckpointId> newest() {
        return named.stream().max(Comparator.comparingLong(CheckpointId::number));
    }
}
