package dev.cairn.checkpoint;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a checkpoint of a partition. The number orders checkpoints for people; the unique id decides whether two are the
 * same, because a number may be tried twice.
 *
 * @param number from 1
 * @param uid unique among all checkpoints ever
 */
public record CheckpointId(long number, String uid) {

    private static final Pattern POINTER = Pattern.compile("cairn/1:([0-9]{1,18}):([A-Za-z0-9-]{1,64})");

    /** As the committed offset's metadata carries it: {@code cairn/1:42:uid}. The group's pointer to its checkpoint. */
    public String toPointer() {
        return "cairn/1:" + number + ":" + uid;
    }

    /** Reads a committed offset's metadata; nothing where it is no pointer of ours. */
    public static Optional<CheckpointId> fromPointer(String metadata) {
        Matcher matcher = POINTER.matcher(metadata == null ? "" : metadata);
        return matcher.matches()
                ? Optional.of(new CheckpointId(Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "chk-" + number;
    }
}
