package dev.cairn.checkpoint.format;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path to state, taken apart. Nothing is looked up.
 *
 * @param directory the location of the store: what holds the jobs, or the savepoints
 * @param name of the job's directory, or of the savepoint's
 * @param partition the partition, if it is not the whole
 * @param number the checkpoint, if it is one
 */
public record SnapshotPath(String directory, String name, OptionalInt partition, OptionalLong number) {

    // A scheme has two letters at least: C: is a drive.
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:.*");
    private static final Pattern FILE = Pattern.compile("(?i)file:(//(?=/))?");
    private static final Pattern END = Pattern.compile("/*(/_metadata)?/*$");
    private static final Pattern IN_PARTITION =
            Pattern.compile("(.*[^/])/+([^/]+)/+partition-([0-9]{1,9})(?:/+chk-([0-9]{1,18}))?");
    private static final Pattern WHOLE = Pattern.compile("(.*[^/:])/+([^/:]+)");

    /**
     * Takes a path apart: {@code s3://bucket/prefix/...}, {@code file:/...} or a plain one, which starts at the working
     * directory.
     *
     * @throws IllegalArgumentException when it cannot be one, with the reason
     */
    public static SnapshotPath of(String text) {
        String path = END.matcher(canonical(text)).replaceFirst("");
        Matcher inPartition = IN_PARTITION.matcher(path);
        if (inPartition.matches()) {
            String number = inPartition.group(4);
            return new SnapshotPath(
                    inPartition.group(1),
                    inPartition.group(2),
                    OptionalInt.of(Integer.parseInt(inPartition.group(3))),
                    number == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(number)));
        }
        Matcher whole = WHOLE.matcher(path);
        if (!whole.matches()) {
            throw new IllegalArgumentException("'" + text + "' names no directory in a store. Give a savepoint, the"
                    + " directory of a job, or a checkpoint's chk-<n> directory or _metadata");
        }
        return new SnapshotPath(whole.group(1), whole.group(2), OptionalInt.empty(), OptionalLong.empty());
    }

    /** The same for each way of writing it: local paths are absolute, and nothing ends in a slash or {@code _metadata}. */
    public static String canonical(String text) {
        String path = FILE.matcher(text).lookingAt() ? FILE.matcher(text).replaceFirst("") : text;
        if (!SCHEME.matcher(path).matches() && !path.isBlank()) {
            path = "file:" + Path.of(path).toAbsolutePath().normalize();
        }
        return END.matcher(path).replaceFirst("");
    }

    /** As {@link #canonical} writes it. */
    public String canonical() {
        return directory
                + "/" + name
                + (partition.isPresent() ? "/partition-" + partition.getAsInt() : "")
                + (number.isPresent() ? "/chk-" + number.getAsLong() : "");
    }
}
