package dev.cairn.checkpoint.format;

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

    private static final String FORMAT = "cairn/1";
    private static final Pattern POINTER = Pattern.compile(FORMAT + ":([0-9]{1,18}):([A-Za-z0-9-]{1,64})");
    private static final Pattern ANY_FORMAT = Pattern.compile("(cairn/[0-9]{1,9}):.*", Pattern.DOTALL);

    /** As the committed offset's metadata carries it: {@code cairn/1:42:uid}. The group's pointer to its checkpoint. */
    public String toPointer() {
        return FORMAT + ":" + number + ":" + uid;
    }

    /** Reads a committed offset's metadata; nothing where it is no pointer of ours. */
    public static Optional<CheckpointId> fromPointer(String metadata) {
        Matcher matcher = POINTER.matcher(metadata == null ? "" : metadata);
        return matcher.matches()
                ? Optional.of(new CheckpointId(Long.parseLong(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    /**
     * Makes sure that a committed offset's metadata is no pointer of another version, which must not be taken for none.
     *
     * @throws UnknownFormatException when it is
     */
    public static void requireKnownFormat(String metadata) {
        Matcher matcher = ANY_FORMAT.matcher(metadata == null ? "" : metadata);
        if (matcher.matches() && !matcher.group(1).equals(FORMAT)) {
            throw new UnknownFormatException(
                    "the group's offset names a checkpoint in the format " + matcher.group(1), FORMAT);
        }
    }

    @Override
    public String toString() {
        return "chk-" + number;
    }
}
