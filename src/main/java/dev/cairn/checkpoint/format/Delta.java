package dev.cairn.checkpoint.format;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeSet;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;

import dev.cairn.state.Change;
import dev.cairn.state.ChangeCodec;

/**
 * What one checkpoint, or several small ones together, changed: a sorted file, or the changes themselves where they are
 * too few for one.
 *
 * @param checkpoints unique ids of the checkpoints whose changes it holds, oldest first; after it, a database is at the last
 * @param file the sorted file, or {@code null}
 * @param inline the changes by {@link ChangeCodec}, in Base64, or {@code null}
 * @param inlineCrc32c CRC-32C of the encoded changes, or {@code null}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Delta(List<String> checkpoints, ObjectRef file, String inline, String inlineCrc32c) {

    /**
     * A job that changes nothing would list one more id with every checkpoint. Only a local database that is this many
     * checkpoints behind notices that older ones are gone, and is restored whole.
     */
    private static final int MOST_CHECKPOINTS = 64;

    public Delta {
        checkpoints = List.copyOf(
                checkpoints.subList(Math.max(0, checkpoints.size() - MOST_CHECKPOINTS), checkpoints.size()));
        if ((file == null) == (inline == null)) {
            throw new IllegalArgumentException("a delta has either a file or inline changes");
        }
    }

    /** What the object of a checkpoint's sorted file is called. */
    public static String fileName(String uid) {
        return "delta-" + uid + ".sst";
    }

    public static Delta ofFile(List<String> checkpoints, ObjectRef file) {
        return new Delta(checkpoints, file, null, null);
    }

    public static Delta ofInline(List<String> checkpoints, List<Change> changes) {
        byte[] encoded = ChangeCodec.encode(changes);
        return new Delta(checkpoints, null, Base64.getEncoder().encodeToString(encoded), Crc32c.of(encoded));
    }

    /** The checkpoint that a database is at after taking this in. */
    @JsonIgnore
    public String last() {
        return checkpoints.get(checkpoints.size() - 1);
    }

    /** Its size, inline or not. */
    public long bytes() {
        return holdsChanges() ? inline.length() * 3L / 4 : file.size();
    }

    /** Not called {@code isInline}: Jackson would take it for the component, and leave the changes out. */
    public boolean holdsChanges() {
        return inline != null;
    }

    /**
     * The changes that it holds itself.
     *
     * @throws DamagedCheckpointException when the bytes are not those that were written
     */
    public List<Change> inlineChanges() {
        try {
            byte[] encoded = Base64.getDecoder().decode(inline);
            if (!Crc32c.of(encoded).equals(inlineCrc32c)) {
                throw new DamagedCheckpointException("the inline changes are not those that were written: CRC32C is "
                        + Crc32c.of(encoded) + ", recorded is " + inlineCrc32c);
            }
            return ChangeCodec.decode(encoded);
        } catch (IllegalArgumentException e) {
            throw new DamagedCheckpointException("the inline changes cannot be read: " + e.getMessage());
        }
    }

    /** Later changes over earlier ones, both in the order of keys. */
    public static List<Change> merge(List<Change> earlier, List<Change> later) {
        TreeSet<Change> merged = new TreeSet<>(Change.BY_KEY);
        merged.addAll(later);
        merged.addAll(earlier);
        return new ArrayList<>(merged);
    }
}
