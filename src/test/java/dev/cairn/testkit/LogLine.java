package dev.cairn.testkit;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a worker's log, as {@code application.properties} formats it.
 *
 * @param at when, with the zone
 * @param level how grave it is
 * @param logger who says it
 * @param thread on which thread
 * @param message what
 */
public record LogLine(OffsetDateTime at, String level, String logger, String thread, String message) {

    private static final Pattern FORMAT = Pattern.compile(
            "(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(?:Z|[+-]\\d\\d:\\d\\d)) ([A-Z]+) +\\[([^]]+)] \\((.+?)\\) (.*)");

    /** What a line says; nothing where it only continues another one. */
    public static Optional<LogLine> parse(String line) {
        Matcher found = FORMAT.matcher(line);
        return found.matches()
                ? Optional.of(new LogLine(
                        OffsetDateTime.parse(found.group(1)),
                        found.group(2),
                        found.group(3),
                        found.group(4),
                        found.group(5)))
                : Optional.empty();
    }

    /** Whether it is one of these levels. */
    public boolean isAt(String... levels) {
        return List.of(levels).contains(level);
    }
}
