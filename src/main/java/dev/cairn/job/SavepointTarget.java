package dev.cairn.job;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

import dev.cairn.names.SettingNames;
import dev.cairn.storage.ObjectStores;
import dev.cairn.storage.Printable;
import dev.cairn.storage.StoreLocation;

/** Where new savepoints go. */
public final class SavepointTarget {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Pattern ABSOLUTE = Pattern.compile("(?i)(file:(//)?)?/(?!/).*");
    private static final Pattern SEPARATOR = Pattern.compile("/");
    private static final Pattern EMPTY_STEP = Pattern.compile("[^:/]//");

    private SavepointTarget() {}

    /**
     * Checks a directory that someone names who is not at this machine: where it leads must not depend on where a
     * worker was started, nor be hidden behind steps upwards, empty steps or encoded characters.
     *
     * @return the directory
     * @throws JobException when it is neither in a bucket nor an absolute path without {@code ..}, {@code //}, {@code %} and backslashes
     */
    public static String checked(String directory) {
        boolean clear = SEPARATOR.splitAsStream(directory).noneMatch(step -> step.equals("..") || step.equals("."))
                && !EMPTY_STEP.matcher(directory).find()
                && directory.indexOf('%') < 0
                && directory.indexOf('\\') < 0
                && directory.chars().noneMatch(Printable::isHidden);
        if (!clear || !(ABSOLUTE.matcher(directory).matches() || ObjectStores.isInBucket(directory))) {
            throw new JobException(
                    "'" + Printable.value(directory) + "' cannot be the directory of a savepoint: it has to be"
                            + " s3://bucket/prefix or an absolute path, without '..', '//', '%' and backslashes. Correct it");
        }
        return directory;
    }

    /**
     * Checks that a savepoint does not get between the checkpoints: a job's directory is anything below theirs.
     *
     * @throws JobException when the directory is that of the checkpoints, or below it
     */
    public static void requireApart(String directory, String checkpoints) {
        if (StoreLocation.of(directory).isWithin(StoreLocation.of(checkpoints))) {
            throw new JobException("no savepoint can be made in " + Printable.value(directory)
                    + ": it is in the directory of the" + " checkpoints, " + SettingNames.CHECKPOINTS_DIR + "="
                    + checkpoints
                    + ". Name a directory outside of it");
        }
    }

    /** A new savepoint's name. */
    public static String name(String job) {
        return "savepoint-" + job + "-" + TIME.format(Instant.now()) + "-"
                + UUID.randomUUID().toString().substring(0, 6);
    }
}
