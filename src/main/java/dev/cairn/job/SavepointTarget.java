package dev.cairn.job;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.regex.Pattern;

import dev.cairn.storage.ObjectStores;

/** Where new savepoints go. */
public final class SavepointTarget {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private static final Pattern ABSOLUTE = Pattern.compile("(?i)(file:(//)?)?/(?!/).*");
    private static final Pattern SEPARATOR = Pattern.compile("[/\\\\]");

    private SavepointTarget() {}

    /**
     * Checks a directory that somebody names who is not at this machine: where it leads must not depend on where a
     * worker was started, nor be hidden behind steps upwards.
     *
     * @return the directory
     * @throws JobException when it is neither in a bucket nor an absolute path without {@code ..}
     */
    public static String checked(String directory) {
        boolean clear = SEPARATOR.splitAsStream(directory).noneMatch(step -> step.equals("..") || step.equals("."))
                && directory.chars().noneMatch(Character::isISOControl);
        if (!clear || !(ABSOLUTE.matcher(directory).matches() || ObjectStores.isInBucket(directory))) {
            throw new JobException("'" + printable(directory) + "' cannot be the directory of a savepoint: it has to be"
                    + " s3://bucket/prefix or an absolute path, without steps such as '..'. Correct it");
        }
        return directory;
    }

    private static String printable(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().limit(200).forEach(c -> printable.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return printable.toString();
    }

    /** A new savepoint's name. */
    public static String name(String job) {
        return "savepoint-" + job + "-" + TIME.format(Instant.now()) + "-"
                + UUID.randomUUID().toString().substring(0, 6);
    }
}
